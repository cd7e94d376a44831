"""Measure the rule engine: `python -m bench.match [--rules-folder rules] [--items FILE.jsonl]`.

One core, one process. Items are news-like (a title and 60 words) and made from a seed, unless a file is given;
synthetic rules have the shipped rules' shape, with words drawn evenly from those that stand in two items at least.
Beside the engine, on the same words as plain lists: an Aho-Corasick pass with counting and a loop of `re`, both without
order, distance, exclusions and word forms. The last line is JSON.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import subprocess
import sys
import time
import tracemalloc
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import accumulate
from pathlib import Path

from bench.plain import AhoCorasick, Lists, RegexLoop
from bot.model import Item
from bot.rulebook import load_rulebook
from bot.rules.compile import compile_rules, read_rules
from bot.rules.forms import expand
from bot.rules.ruleset import RuleSet
from bot.rules.tokens import Field, cut

SIZES = (10, 100, 1_000, 10_000)
SEED = 20241101
RULES_A_FILE = 500
FRAME = (
    "the of in to a and on for with at from by as over after amid against says will into its new more than two near "
    "under his their has have was were is are be that who which"
).split()
NEWS = (
    "troops soldiers forces brigade border missile launch test nuclear sanctions imposes talks ceasefire truce coup "
    "protest parliament minister president army navy drone strike summit treaty pact defence election court budget "
    "bank inflation prices oil gas exports harvest flood storm hospital school teachers film festival match league "
    "champion sends deploys signs warns urges denies rejects agrees visits meets opens closes cuts raises wins loses "
    "kills wounds"
).split()
PLACES = (
    "Poland Russia Ukraine China Japan Korea Iran Israel Turkey France Germany Britain Sudan Mali Niger Chad Egypt "
    "India Pakistan Brazil Chile Peru Canada Mexico Spain Italy Greece Norway Sweden Finland US EU UN NATO"
).split()
SYLLABLES = (
    "ba ro ten mil cor dan fer gal hin jas kel lor mar nes pol qui ras sul tor vin wex yor zan bre cla dro"
).split()


def vocabulary(chance: random.Random, size: int) -> list[str]:
    """Return made-up words after the real ones, the commonest first."""
    words = [*FRAME, *NEWS, *PLACES]
    known = set(words)
    while len(words) < size:
        word = "".join(chance.choices(SYLLABLES, k=chance.choice((2, 2, 3, 3, 4))))
        if word not in known:
            known.add(word)
            words.append(word)
    return words


def make_items(count: int, chance: random.Random) -> list[Item]:
    """Return items whose words are as unevenly spread as those of real text."""
    words = vocabulary(chance, 12_000)
    weights = list(accumulate(1 / (rank + 3) for rank in range(len(words))))
    items: list[Item] = []
    for _ in range(count):
        title = chance.choices(words, cum_weights=weights, k=chance.randint(7, 12))
        text = chance.choices(words, cum_weights=weights, k=60)
        sentences = [" ".join(text[at : at + 20]).capitalize() + "." for at in range(0, 60, 20)]
        items.append(Item(" ".join(title).capitalize(), " ".join(sentences), "en"))
    return items


def read_items(path: Path) -> list[Item]:
    """Return the items of a JSON-lines file with `title` and, if it has them, `text` and `language`."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [Item(row["title"], row.get("text") or "", row.get("language") or "en") for row in rows]


def draw(pool: Sequence[str], chance: random.Random) -> Lists:
    """Return a rule's words: who, what is done, with what; then what excludes a sentence, and the item."""
    return [chance.sample(pool, k) for k in (10, 6, 8, 4, 3)]


def synthetic_rule(number: int, words: Lists) -> str:
    """Return one rule as an editor would write it: three concepts, two templates, a near, exclusions."""
    who, does, what, out, drop = (", ".join(some) for some in words)
    name = f"n{number}"
    return (
        f"rule: {name}\nconcepts:\n  who-{name}: [{who}]\n  does-{name}: [{does}]\n  what-{name}: [{what}]\n"
        f"match:\n  - <who-{name}> ... <does-{name}> ... <what-{name}>\n  - <what-{name}> ...4 <does-{name}>\n"
        f"  - near: [<does-{name}>, <who-{name}>, <what-{name}>]\n    within: 10 words\n"
        f"not in sentence: [{out}]\nunless: [{drop}]\n"
    )


def synthetic_words(count: int, items: Sequence[Item], chance: random.Random) -> list[Lists]:
    """Return each rule's words, drawn evenly from those of two items at least, function words left out."""
    seen = Counter(word for item in items for word in {w.lower() for w in cut(f"{item.title} {item.text}")})
    left_out = {*FRAME, "true", "false", "null"}
    pool = sorted(word for word, times in seen.items() if times > 1 and word.isalpha() and word not in left_out)
    return [draw(pool, chance) for _ in range(count)]


def synthetic_rules(words: Sequence[Lists]) -> RuleSet:
    """Return the rule set of these words, compiled from YAML as an editor's would be."""
    count = len(words)
    rules = [synthetic_rule(number, some) for number, some in enumerate(words)]
    files = {f"{at}.yaml": "---\n".join(rules[at : at + RULES_A_FILE]) for at in range(0, count, RULES_A_FILE)}
    draft = read_rules(files)
    compiled = compile_rules(draft, expand(draft.vocabulary))
    assert len(compiled.ruleset.rules) == count, [str(p) for p in compiled.problems if p.severity == "error"][:3]
    return compiled.ruleset


START = (
    "import time; begun = time.perf_counter(); import sys; from pathlib import Path; "
    "from bot.rulebook import load_rulebook; load_rulebook(Path(sys.argv[1])); print(time.perf_counter() - begun)"
)


def start_seconds(folder: Path) -> float:
    """Return how long a new process takes to its compiled rules, word tables at hand; the better of two."""
    return min(float(subprocess.check_output([sys.executable, "-c", START, str(folder)])) for _ in range(2))


def compiled_mb(folder: Path) -> float:
    """Return the memory that the compiled rules hold, counted by Python."""
    load_rulebook(folder)  # what is loaded once for all rule sets is not theirs
    tracemalloc.start()
    book = load_rulebook(folder)
    held = tracemalloc.get_traced_memory()[0] / 1e6
    tracemalloc.stop()
    return held if book.ruleset.rules else 0.0


def rate(act: Callable[[Item], object], items: Sequence[Item], seconds: float) -> float:
    """Return items per second, over whole rounds until the time is up."""
    for item in items[:200]:
        act(item)
    done, begun = 0, time.process_time()
    while (spent := time.process_time() - begun) < seconds:
        for item in items:
            act(item)
        done += len(items)
    return done / spent


def tokenise(item: Item) -> object:
    """Clean and cut an item, as the engine does first."""
    return Field("title", item.title), Field("text", item.text)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rules-folder", type=Path, default=Path("rules"))
    parser.add_argument("--items", type=Path, help="JSON lines with title and text, instead of made-up items")
    parser.add_argument("--seconds", type=float, default=2.0, help="measured for each line")
    asked = parser.parse_args()
    chance = random.Random(SEED)
    items = read_items(asked.items) if asked.items else make_items(2_000, chance)
    figures: dict[str, float] = {"items": len(items), "tokenise_items_per_s": rate(tokenise, items, asked.seconds)}
    print(f"tokenising alone      {figures['tokenise_items_per_s']:>10,.0f} items/s")
    shipped = load_rulebook(asked.rules_folder).ruleset
    figures["shipped_items_per_s"] = rate(shipped.fire, items, asked.seconds)
    print(f"{len(shipped.rules):>6} shipped rules  {figures['shipped_items_per_s']:>10,.0f} items/s")
    figures["shipped_start_s"], figures["shipped_mb"] = (
        start_seconds(asked.rules_folder),
        compiled_mb(asked.rules_folder),
    )
    print(f"{'':6} from process start {figures['shipped_start_s']:.2f} s; they hold {figures['shipped_mb']:.0f} MB")
    words = synthetic_words(SIZES[-1], items, chance)
    for size in SIZES:
        begun = time.process_time()
        ruleset = synthetic_rules(words[:size])
        compiled_in = time.process_time() - begun
        figures[f"rules_{size}_items_per_s"] = rate(ruleset.fire, items, asked.seconds)
        near = statistics.median(len(ruleset.candidates(ruleset.scan(item))) for item in items[:500])
        fired = sum(len(ruleset.fire(item)) for item in items[:500]) / len(items[:500])
        print(
            f"{size:>6} rules          {figures[f'rules_{size}_items_per_s']:>10,.0f} items/s"
            f"   (candidates {near:.0f} in the median, fired {fired:.2f} an item; compiled in {compiled_in:.1f} s)"
        )
    figures["candidates_per_item"] = near
    figures["growth_100_to_10000"] = figures["rules_100_items_per_s"] / figures["rules_10000_items_per_s"]
    plain = [lists[:3] for lists in words]
    figures["scan_items_per_s"] = rate(AhoCorasick(plain), items, asked.seconds)
    print(f"{len(plain):>6} Aho-Corasick   {figures['scan_items_per_s']:>10,.0f} items/s   (pure Python, plain lists)")
    few = len(plain) // 100
    figures["regex_items_per_s"] = rate(RegexLoop(plain[:few]), items[:200], asked.seconds) / 100
    print(f"{len(plain):>6} re loop        {figures['regex_items_per_s']:>10,.1f} items/s   (measured on {few} rules)")
    print(json.dumps({name: round(value, 3) for name, value in figures.items()}))


if __name__ == "__main__":
    main()
