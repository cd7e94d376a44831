"""The double refuses what Telegram refuses, keeps what it accepts, and fails on demand."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

import httpx
import pytest

from tests.botapi import TOKEN, BotApi, Chat, flood, garbled
from tests.botapi.markup import Entity, MarkupError, parse_html


async def ask(api, method, token=TOKEN, **fields):
    async with httpx.AsyncClient(base_url=api.url) as client:
        answer = await client.post(f"/bot{token}/{method}", data=fields)
        return answer.status_code, answer.json()


@pytest.fixture
async def api():
    async with BotApi(["-1", "-2"]) as server:
        yield server


@pytest.mark.parametrize(
    "source",
    [
        "<b>open",
        "<b>crossed <i>tags</b></i>",
        "close</b>",
        "<script>x</script>",
        "5 < 6",
        "<b",
        "</b",
        '<a href="x>y</a>',
        '<b onclick="x">y</b>',
        "<code>a<b>c</b></code>",
        "<pre>a<i>c</i></pre>",
        "<blockquote>a<blockquote>b</blockquote></blockquote>",
        "<>x</>",
    ],
)
def test_broken_markup_is_refused(source):
    with pytest.raises(MarkupError, match="can't parse entities"):
        parse_html(source)


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("plain & simple &amp; &lt;&#65;&#x42;", "plain & simple & <AB", ()),
        ("🔴 <b>bold</b>", "🔴 bold", (Entity("b", 3, 4),)),
        ('<a href="https://x.example/?a=1&amp;b=2">l</a>', "l", (Entity("a", 0, 1, "https://x.example/?a=1&b=2"),)),
        ("<blockquote expandable>q</blockquote>", "q", (Entity("blockquote", 0, 1, "expandable"),)),
        ("<strong><em>x</em></strong>", "x", (Entity("i", 0, 1), Entity("b", 0, 1))),
        (
            "<pre><code class='language-python'>x</code></pre>",
            "x",
            (Entity("code", 0, 1, "class"), Entity("pre", 0, 1)),
        ),
        ("<b></b>x", "x", ()),
    ],
)
def test_markup_is_read_as_telegram_reads_it(source, text, entities):
    assert parse_html(source) == (text, entities)


@pytest.mark.parametrize(
    ("fields", "description"),
    [
        ({"text": ""}, "message text is empty"),
        ({"text": " \n "}, "message text is empty"),
        ({"text": "<b> </b>", "parse_mode": "HTML"}, "message text is empty"),
        ({"text": "x" * 4097}, "message is too long"),
        ({"text": "🔴" * 2049}, "message is too long"),
        ({"text": "<b>", "parse_mode": "HTML"}, "can't parse entities"),
        ({"text": "x", "parse_mode": "Markdown"}, "unsupported parse_mode"),
        ({"text": "x", "chat_id": "-9"}, "chat not found"),
        ({"text": "x", "chat_id": ""}, "chat_id is empty"),
        ({"text": "x", "message_thread_id": "3"}, "message thread not found"),
        ({"text": "x", "reply_markup": "[]"}, "object expected as reply markup"),
    ],
)
async def test_a_message_that_telegram_refuses_is_refused(api, fields, description):
    status, answer = await ask(api, "sendMessage", **{"chat_id": "-1", **fields})
    assert (status, answer["ok"]) == (400, False)
    assert description in answer["description"]
    assert not api.transcript


@pytest.mark.parametrize(
    ("button", "fine"),
    [
        ({"text": "x", "callback_data": "d" * 64}, True),
        ({"text": "x", "callback_data": "d" * 65}, False),
        ({"text": "x", "callback_data": "é" * 33}, False),
        ({"text": "x", "callback_data": ""}, False),
        ({"text": "x", "url": "https://herald.example/"}, True),
        ({"text": "x", "url": "nothing"}, False),
        ({"text": "x"}, False),
        ({"text": "", "url": "https://herald.example/"}, False),
    ],
)
async def test_one_bad_button_rejects_the_message(api, button, fine):
    keyboard = json.dumps({"inline_keyboard": [[{"text": "ok", "callback_data": "1"}, button]]})
    status, _ = await ask(api, "sendMessage", chat_id="-1", text="x", reply_markup=keyboard)
    assert (status == 200) is fine


async def test_exactly_4096_units_after_parsing_are_taken(api):
    text = "<b>" + "🔴" * 2048 + "</b>"
    assert (await ask(api, "sendMessage", chat_id="-1", text=text, parse_mode="HTML"))[0] == 200


@pytest.mark.parametrize(("token", "status"), [("1:wrong", 401), ("broken", 404)])
async def test_a_wrong_token_is_refused(api, token, status):
    assert (await ask(api, "getMe", token=token))[0] == status


async def test_an_unknown_method_is_not_found(api):
    assert (await ask(api, "sendPigeon"))[0] == 404


async def test_a_chat_that_moved_or_threw_us_out_says_so(api):
    api.world.chats |= {"-1": Chat(migrated_to=-100), "-2": Chat(kicked=True)}
    moved = await ask(api, "sendMessage", chat_id="-1", text="x")
    assert moved[1]["parameters"] == {"migrate_to_chat_id": -100}
    assert (await ask(api, "sendMessage", chat_id="-2", text="x"))[0] == 403


async def test_an_edit_needs_a_message_and_a_change(api):
    sent = (await ask(api, "sendMessage", chat_id="-1", text="one"))[1]["result"]
    where = {"chat_id": "-1", "message_id": str(sent["message_id"])}
    assert "not modified" in (await ask(api, "editMessageText", text="one", **where))[1]["description"]
    assert (await ask(api, "editMessageText", text="two", **where))[0] == 200
    assert "not found" in (await ask(api, "editMessageText", text="x", chat_id="-1", message_id="99"))[1]["description"]
    assert [(m.method, m.text) for m in api.transcript] == [("sendMessage", "one"), ("editMessageText", "two")]


async def test_updates_are_given_until_they_are_confirmed(api):
    api.world.updates += [{"update_id": 4}, {"update_id": 5}]
    assert [u["update_id"] for u in (await ask(api, "getUpdates"))[1]["result"]] == [4, 5]
    assert [u["update_id"] for u in (await ask(api, "getUpdates", offset="5"))[1]["result"]] == [5]


@pytest.mark.parametrize(
    ("fields", "status"),
    [({"callback_query_id": "1"}, 200), ({}, 400), ({"callback_query_id": "1", "text": "x" * 201}, 400)],
)
async def test_a_press_is_answered_within_its_limits(api, fields, status):
    assert (await ask(api, "answerCallbackQuery", **fields))[0] == status


@pytest.mark.parametrize("form", ["json", "multipart", "query"])
async def test_every_form_of_request_is_read(api, form):
    fields = {"chat_id": "-1", "text": "häßlich & 語"}
    async with httpx.AsyncClient(base_url=f"{api.url}/bot{TOKEN}") as client:
        if form == "json":
            answer = await client.post("/sendMessage", json=fields)
        elif form == "multipart":
            answer = await client.post("/sendMessage", files={name: (None, text) for name, text in fields.items()})
        else:
            answer = await client.get("/sendMessage", params=fields)
    assert answer.status_code == 200
    assert api.transcript[0].text == "häßlich & 語"


async def test_text_that_is_no_utf8_is_refused(api):
    async with httpx.AsyncClient(base_url=api.url) as client:
        kind = {"content-type": "application/x-www-form-urlencoded"}
        answer = await client.post(f"/bot{TOKEN}/sendMessage", content=b"chat_id=-1&text=%ff", headers=kind)
    assert "UTF-8" in answer.json()["description"]


async def test_a_fault_meets_one_call_of_its_chat(api):
    api.inject(flood(9), chat="-1")
    assert [(await ask(api, "sendMessage", chat_id=chat, text="x"))[0] for chat in ("-2", "-1", "-1")] == [
        200,
        429,
        200,
    ]


async def test_a_garbled_answer_comes_after_the_message_was_taken(api):
    api.inject(garbled("[1]"))
    assert await ask(api, "sendMessage", chat_id="-1", text="x") == (200, [1])
    assert len(api.transcript) == 1


async def test_it_runs_as_a_process_and_writes_each_message_at_once(tmp_path):
    file = tmp_path / "transcript.jsonl"
    command = ["-m", "tests.botapi", "--port", "0", "--transcript", str(file), "--chats", "-1,-2"]
    server = await asyncio.create_subprocess_exec(
        sys.executable, *command, stdout=asyncio.subprocess.PIPE, cwd=Path(__file__).parent.parent.parent
    )
    assert server.stdout
    async with httpx.AsyncClient(base_url=(await server.stdout.readline()).decode().strip()) as client:
        fault = {"fault": {"status": 403, "description": "Forbidden: x"}, "chat": "-2"}
        assert (await client.post("/control/faults", json=fault)).status_code == 200
        refused = await client.post(f"/bot{TOKEN}/sendMessage", data={"chat_id": "-2", "text": "a"})
        await client.post(f"/bot{TOKEN}/sendMessage", data={"chat_id": "-1", "text": "<b>b</b>", "parse_mode": "HTML"})
    (line,) = file.read_text("utf-8").splitlines()
    server.terminate()
    assert refused.status_code == 403
    assert {name: json.loads(line)[name] for name in ("chat", "text")} == {"chat": "-1", "text": "b"}
    assert await server.wait() == 0
