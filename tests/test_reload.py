"""Rules that change under a running service: what of them is used, what is said, and that no entry is lost by it."""

from __future__ import annotations

import asyncio
import os
import threading
from datetime import datetime
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.core.routing import Route
from bot.core.schedule import PollPolicy
from bot.core.tell import Telling
from bot.errors import Problem, TransientError
from bot.poll import Desk, Poller, declared
from bot.reload import Changes, Reloaded, Reloader, changes, choose, signature
from bot.rulebook import RuleFiles, compile_book, load_rulebook
from bot.store import Store
from tests.fakes import HandClock, ScriptedSource
from tests.values import CHAT, FEED, MINUTE, NOW, document, entry_data

COUPS = "rule: coups\nmatch: coup\n"
JUNTAS = "rule: juntas\nmatch: junta\n"
TROOPS = "rule: marches\nmatch: <troops> march\n"
CONCEPTS = "concepts:\n  troops: [troops, soldiers]\n"
NO_YAML = "rule: [\n"
NO_CONCEPT = "rule: coups\nmatch: <nothing>\n"
FAILING = COUPS + "tests: {fires: [Calm]}\n"


@pytest.fixture
def cache(tmp_path):
    return tmp_path / "cache"


@pytest.fixture
def compiled(cache):
    return lambda files: compile_book(files, cache)


def ids(book):
    return [head.id for head in book.ruleset.heads]


def brief(reloaded):
    """Return the rules that run, the files that are not used, and where the errors are."""
    return ids(reloaded.book), reloaded.kept, [(p.path, p.line) for p in reloaded.errors]


# --- what is used --------------------------------------------------------------------------------

BOTH = {"a": COUPS, "b": JUNTAS}


@pytest.mark.parametrize(
    ("live", "found", "came_to"),
    [
        pytest.param(BOTH, {**BOTH, "c": "rule: c\nmatch: c\n"}, (["c", "coups", "juntas"], (), []), id="added"),
        pytest.param(BOTH, {"a": COUPS}, (["coups"], (), []), id="removed"),
        pytest.param(BOTH, {"a": COUPS, "b": TROOPS + CONCEPTS}, (["coups", "marches"], (), []), id="changed"),
        pytest.param(BOTH, {**BOTH, "a": NO_YAML}, (["coups", "juntas"], ("a",), [("a", 1)]), id="no-yaml"),
        pytest.param(BOTH, {**BOTH, "a": NO_CONCEPT}, (["coups", "juntas"], ("a",), [("a", 2)]), id="no-concept"),
        pytest.param(BOTH, {**BOTH, "a": FAILING}, (["coups", "juntas"], ("a",), [("a", 3)]), id="failing-headline"),
        pytest.param(BOTH, {**BOTH, "c": NO_YAML}, (["coups", "juntas"], ("c",), [("c", 1)]), id="added-and-broken"),
        pytest.param(
            BOTH, {"a": NO_YAML, "b": "rule: b\nmatch: b\n"}, (["b", "coups"], ("a",), [("a", 1)]), id="others-are-used"
        ),
        pytest.param(
            {"a": CONCEPTS, "b": TROOPS},
            {"a": "concepts: [", "b": "rule: b\nmatch: <troops>\n", "c": COUPS, "d": "rule: d\nmatch: <x>\n"},
            (["b", "coups"], ("a", "d"), [("a", 1), ("d", 2)]),
            id="a-rule-of-a-broken-files-concept",
        ),
        pytest.param(
            {"a": CONCEPTS, "b": TROOPS},
            {"a": "concepts:\n  army: [army]\n", "b": TROOPS, "c": COUPS},
            (["marches"], ("a", "c"), [("b", 2)]),
            id="a-good-file-breaks-another",
        ),
        pytest.param(
            {"a": CONCEPTS, "b": TROOPS}, {"b": TROOPS}, (["marches"], ("a",), [("b", 2)]), id="removed-and-needed"
        ),
        pytest.param(BOTH, {}, (["coups", "juntas"], ("a", "b"), [("", 0)]), id="no-rule-left"),
        pytest.param(
            {"a": NO_CONCEPT, "b": JUNTAS}, {"a": NO_CONCEPT, "b": TROOPS + CONCEPTS}, (["marches"], (), [("a", 2)]),
            id="broken-since-the-start",
        ),
        pytest.param(
            {"a": NO_CONCEPT, "b": JUNTAS}, {"a": COUPS, "b": JUNTAS}, (["coups", "juntas"], (), []), id="mended"
        ),
        pytest.param(
            {"a": COUPS, "b": COUPS}, {"a": "# more\n" + COUPS, "b": COUPS}, (["coups"], (), [("b", 1)]),
            id="an-old-error-in-other-words",
        ),
    ],
)  # fmt: skip
def test_each_changed_file_is_used_or_its_last_good_version_stays(live, found, came_to, compiled):
    assert brief(choose(compiled(RuleFiles(live)), RuleFiles(found), compiled)) == came_to


def test_a_file_that_can_not_be_read_keeps_its_last_version(compiled):
    live = compiled(RuleFiles(BOTH))
    found = RuleFiles({"b": TROOPS + CONCEPTS}, (Problem("a", 0, 0, "the file is not UTF-8 text"),))
    assert brief(choose(live, found, compiled)) == (["coups", "marches"], ("a",), [("a", 0)])


def test_where_nothing_can_be_used_the_live_book_itself_stays(compiled):
    live = compiled(RuleFiles({"a": CONCEPTS, "b": TROOPS}))
    assert choose(live, RuleFiles({"b": TROOPS}), compiled).book is live


# --- what is said to have changed ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("after", "what"),
    [
        pytest.param(COUPS, Changes((), (), (), ()), id="nothing"),
        pytest.param("# why\nmatch: [coup]\nrule: coups\n", Changes((), ("coups",), (), ()), id="a-list-of-one"),
        pytest.param("# why\nmatch: coup\nrule:  coups\ntests: {fires: [Coup]}\n", Changes((), (), (), ()), id="tests"),
        pytest.param(COUPS + "level: flash\n", Changes((), ("coups",), (), ()), id="level"),
        pytest.param(COUPS + "---\n" + JUNTAS, Changes(("juntas",), (), (), ()), id="new"),
        pytest.param(JUNTAS, Changes(("juntas",), (), ("coups",), ()), id="renamed"),
        pytest.param(FAILING, Changes((), (), (), ("coups",)), id="off"),
        pytest.param(COUPS + "---\nadjust: coups\ntags: [a]\n", Changes((), ("coups",), (), ()), id="adjusted"),
    ],
)
def test_changes_are_those_of_what_rules_say(after, what, compiled):
    assert changes(compiled(RuleFiles({"a": COUPS})), compiled(RuleFiles({"a": after}))) == what


def test_a_concept_changes_the_rules_that_need_it_and_a_new_word_elsewhere_changes_none(compiled):
    live = compiled(RuleFiles({"a": CONCEPTS, "b": TROOPS, "c": COUPS}))
    other = compiled(RuleFiles({"a": CONCEPTS.replace("soldiers", "army"), "b": TROOPS, "c": COUPS}))
    assert changes(live, other).changed == ("marches",)
    assert live.ruleset.hash != other.ruleset.hash
    more = compiled(RuleFiles({"a": CONCEPTS, "b": TROOPS, "c": COUPS, "d": JUNTAS}))
    assert changes(live, more) == Changes(("juntas",), (), (), ())


COUNTING = """
concepts: {country: [Mali, Chad]}
---
rule: coups
match: coup ... <country as place>
---
rule: many-coups
when: {rules: coups, by: place, in: 12h, at least: 2}
"""


def test_a_correlation_rule_changes_as_others_do(compiled):
    live = compiled(RuleFiles({"a": COUNTING}))
    assert changes(live, compiled(RuleFiles({"a": COUNTING.replace("12h", "6h")}))).changed == ("many-coups",)
    tested = COUNTING + "tests: {silent: [{sequence: [{at: 0m, source: a, title: Coup in Mali}]}]}\n"
    assert changes(live, compiled(RuleFiles({"a": tested}))) == Changes((), (), (), ())
    assert changes(live, compiled(RuleFiles({"a": COUNTING[: COUNTING.index("---\nrule: many")]}))).gone == (
        "many-coups",
    )


def test_an_error_in_a_rule_that_is_counted_keeps_its_file_and_disturbs_no_other(compiled):
    first, second = COUNTING.split("---\nrule: many-coups")
    files = {"a": first, "b": f"rule: many-coups{second}"}
    live = compiled(RuleFiles(files))
    assert live.off == ()
    broken = first + "tests: {fires: [A coup]}\n"
    reloaded = choose(live, RuleFiles({**files, "a": broken}), compiled)
    assert (reloaded.book, reloaded.kept) == (live, ("a",))
    assert {problem.path for problem in reloaded.errors} == {"a"}


# --- watching ------------------------------------------------------------------------------------


class Watched:
    """A reloader on a folder that a test writes to; keeps what was told and logged."""

    def __init__(self, folder: Path, cache: Path):
        self.folder = folder
        self.told: list[tuple[Reloaded, datetime]] = []
        self.refusals: list[Exception] = []
        self.reloader = Reloader(load_rulebook(folder, cache), self.tell)
        self.at = NOW

    async def tell(self, reloaded, now):
        if self.refusals:
            raise self.refusals.pop()
        self.told.append((reloaded, now))

    def write(self, **files):
        for name, text in files.items():
            half = self.folder / f".{name}.swp"  # as editors do: another file takes the place of the old one
            half.write_text(text, "utf-8")
            half.replace(self.folder / f"{name}.yaml")

    async def look(self, times=2):
        """Tick until a change has settled; return the log lines."""
        with capture_logs() as lines:
            for _ in range(times):
                self.at += MINUTE
                await self.reloader.tick(self.at)
        return [{key: value for key, value in line.items() if key != "log_level"} for line in lines]

    @property
    def ids(self):
        return ids(self.reloader.book)


@pytest.fixture
async def watched(tmp_path, cache):
    folder = tmp_path / "rules"
    folder.mkdir()
    for name, text in (("coups", COUPS), ("juntas", JUNTAS)):
        (folder / f"{name}.yaml").write_text(text, "utf-8")
    watched = Watched(folder, cache)
    assert await watched.look() == []
    return watched


async def test_a_saved_an_added_and_a_removed_file_are_swapped_in_with_one_line(watched):
    watched.write(coups=COUPS + "level: flash\n", marches=TROOPS + CONCEPTS)
    (watched.folder / "juntas.yaml").unlink()
    assert await watched.look() == [
        {"event": "rules reloaded", "rules": 2, "new": "marches", "changed": "coups", "gone": "juntas"}
    ]
    assert watched.ids == ["coups", "marches"]
    assert (await watched.look(5), watched.told) == ([], [])


async def test_a_file_that_is_still_being_written_is_left_alone(watched):
    watched.write(coups=NO_YAML)
    assert await watched.look(1) == []
    watched.write(coups=COUPS + "level: flash\n")
    assert await watched.look(1) == []
    assert [line["event"] for line in await watched.look(1)] == ["rules reloaded"]
    assert watched.told == []


async def test_a_touched_file_is_no_change(watched):
    os.utime(watched.folder / "coups.yaml", (1, 1))
    before = watched.reloader.book
    assert await watched.look(3) == []
    assert watched.reloader.book is before


async def test_a_change_between_the_start_and_the_first_look_is_seen(tmp_path, cache):
    folder = tmp_path / "rules"
    folder.mkdir()
    (folder / "coups.yaml").write_text(COUPS, "utf-8")
    watched = Watched(folder, cache)
    watched.write(juntas=JUNTAS)
    await watched.look()
    assert watched.ids == ["coups", "juntas"]


async def test_an_error_is_told_once_with_its_line_and_its_mending_with_one_line(watched):
    watched.write(coups=NO_CONCEPT, juntas=JUNTAS + "level: urgent\n")
    lines = await watched.look()
    assert lines[0] == {"event": "rules reloaded", "rules": 2, "changed": "juntas"}
    assert "coups.yaml:2:8: error: there is no concept `<nothing>`" in lines[1]["event"]
    ((told, at),) = watched.told
    assert (told.kept, at) == ((str(watched.folder / "coups.yaml"),), watched.at)
    watched.write(juntas=JUNTAS)  # another good change, and the same error
    assert [line["event"] for line in await watched.look()] == ["rules reloaded"]
    assert len(watched.told) == 1
    watched.write(coups=COUPS + "level: flash\n")
    assert [line["event"] for line in await watched.look()] == [
        "rules reloaded",
        "the rule files are mended: all of them are in force",
    ]
    watched.write(coups=NO_CONCEPT)  # the same error anew is another state
    await watched.look()
    assert [at for _, at in watched.told] == [at, watched.at]


async def test_what_could_not_be_told_is_told_later_and_what_is_mended_meanwhile_never(watched):
    watched.refusals = [TransientError("locked"), TransientError("locked")]
    watched.write(coups=NO_YAML)
    with pytest.raises(TransientError):
        await watched.look()
    first = watched.at
    with pytest.raises(TransientError):
        await watched.look(1)
    await watched.look(1)
    assert [at for _, at in watched.told] == [first]


async def test_a_folder_that_is_gone_and_back_changes_no_rule(watched):
    away = watched.folder.with_name("away")
    watched.folder.rename(away)
    (line,) = await watched.look()
    assert "the rules can't be read: No such file or directory" in line["event"]
    assert (watched.ids, len(watched.told)) == (["coups", "juntas"], 1)
    away.rename(watched.folder)
    assert [line["event"] for line in await watched.look()] == ["the rule files are mended: all of them are in force"]


async def test_a_link_into_nowhere_is_told_and_the_others_run(watched):
    (watched.folder / "gone.yaml").symlink_to(watched.folder / "nowhere")
    (line,) = await watched.look()
    assert "gone.yaml: error: the file can't be read" in line["event"]
    assert watched.ids == ["coups", "juntas"]


async def test_a_rulebook_of_no_folder_is_never_looked_for():
    reloader = Reloader(compile_book(RuleFiles({"a": COUPS})), lambda *_: asyncio.sleep(0))
    await reloader.tick(NOW)
    assert ids(reloader.book) == ["coups"]


def test_a_file_of_the_same_size_and_time_in_place_of_another_has_another_signature(tmp_path):
    for name in ("a.yaml", "b.txt"):
        (tmp_path / name).write_text(COUPS, "utf-8")
        os.utime(tmp_path / name, (1, 1))
    before = signature(tmp_path)
    (tmp_path / "b.txt").replace(tmp_path / "a.yaml")
    assert signature(tmp_path) != before


async def test_the_loop_runs_on_while_rules_are_compiled(watched):
    begun, go_on = threading.Event(), threading.Event()

    def slow(files, cache):
        begun.set()
        assert go_on.wait(10)
        return compile_book(files, cache)

    watched.reloader = Reloader(watched.reloader.book, watched.tell, slow)
    watched.write(coups=COUPS + "level: flash\n")
    looking = asyncio.create_task(watched.look())
    assert await asyncio.to_thread(begun.wait, 10)
    assert watched.ids == ["coups", "juntas"]  # we are on the loop, and the old rules decide
    go_on.set()
    assert (await looking)[0]["changed"] == "coups"


async def test_entries_before_and_after_a_swap_are_decided_by_the_rules_of_their_moment(watched, tmp_path):
    store = await Store.open(tmp_path / "w.db", NOW)
    await store.declare_feeds(declared([FEED]), NOW)
    entries = [entry_data(title) for title in ("Coup in Arcadia", "Soldiers march", "A junta", "Troops march on")]
    source = ScriptedSource({"herald": [document(*entries[:n]) for n in (0, 1, 2, 4)]})
    clock = HandClock()
    desk = Desk(
        {"herald": FEED}, source, store, lambda: watched.reloader.book.ruleset, Telling((Route(CHAT),)), PollPolicy(),
        clock, lambda: None,
    )  # fmt: skip
    poller = Poller(desk)
    for swap in (None, None, NO_YAML, TROOPS + CONCEPTS):
        if swap:
            watched.write(coups=swap)
            await watched.look()
        clock.at += 15 * MINUTE
        await poller.tick(clock.now())
        await poller.idle()
    told = [(d.alert.rule_id, d.alert.content.title) for d in await store.deliveries(None, 10) if d.alert]
    assert sorted(told) == [
        ("coups", "Coup in Arcadia"),
        ("juntas", "A junta"),
        ("marches", "Troops march on"),
    ]
    assert (await store.counts()).entries == 4
    await store.close()
