"""What the Bot API does with a call: the chats it knows, its checks, its answers."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from tests.botapi.markup import MarkupError, parse_html, utf16

TOKEN = "123456789:" + "AAHfake-token_of-the-test-server-00x"
LIMIT = 4096
_MENTION = re.compile(r"\B@[A-Za-z0-9_]{2,32}\b")
_COMMAND = re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}\b")


class Refused(Exception):  # noqa: N818 - it is an answer, not a fault
    """An error answer of the API."""

    def __init__(self, status: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.status, self.description, self.parameters = status, description, parameters


@dataclass
class Chat:
    """A chat and what has become of it; `topics` None means that it is no forum."""

    topics: frozenset[int] | None = None
    closed: frozenset[int] = frozenset()
    migrated_to: int | None = None
    kicked: bool = False


@dataclass(frozen=True)
class Accepted:
    """A message that reached its chat. `text` is what a reader sees, `raw` the fields as they came."""

    at: float
    method: str
    chat: str
    message_id: int
    text: str
    thread: int | None
    entities: tuple[Any, ...]
    calls: tuple[str, ...]
    raw: dict[str, Any]


@dataclass
class World:
    """What the double knows."""

    chats: dict[str, Chat] = field(default_factory=dict)
    token: str = TOKEN
    messages: dict[tuple[str, int], str] = field(default_factory=dict)
    updates: list[dict[str, Any]] = field(default_factory=list)
    transcript: list[Accepted] = field(default_factory=list)


def call(world: World, method: str, fields: dict[str, Any], at: float) -> Any:
    """Return the result of a call, or raise Refused."""
    if method not in METHODS:
        raise Refused(404, "Not Found")
    return METHODS[method](world, fields, at)


def get_me(world: World, fields: dict[str, Any], at: float) -> Any:
    return {"id": 123456789, "is_bot": True, "first_name": "Wire", "username": "wire_bot"}


def get_updates(world: World, fields: dict[str, Any], at: float) -> Any:
    offset = int(fields.get("offset", 0))
    world.updates[:] = [update for update in world.updates if update["update_id"] >= offset]
    return list(world.updates)


def answer_callback_query(world: World, fields: dict[str, Any], at: float) -> Any:
    if not fields.get("callback_query_id"):
        raise Refused(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
    if utf16(fields.get("text", "")) > 200:
        raise Refused(400, "Bad Request: MESSAGE_TOO_LONG")
    return True


def send_message(world: World, fields: dict[str, Any], at: float) -> Any:
    chat_id = str(fields.get("chat_id", ""))
    chat = _chat(world, chat_id)
    thread = _thread(chat, fields)
    text, entities = _text(fields)
    _keyboard(fields)
    message_id = len(world.messages) + 1
    return _accept(
        world, Accepted(at, "sendMessage", chat_id, message_id, text, thread, entities, live_calls(text), fields)
    )


def edit_message_text(world: World, fields: dict[str, Any], at: float) -> Any:
    chat_id, message_id = str(fields.get("chat_id", "")), int(fields.get("message_id", 0))
    _chat(world, chat_id)
    if (chat_id, message_id) not in world.messages:
        raise Refused(400, "Bad Request: message to edit not found")
    text, entities = _text(fields)
    _keyboard(fields)
    if world.messages[chat_id, message_id] == _content(fields):
        raise Refused(400, "Bad Request: message is not modified: specified new message content is the same")
    return _accept(
        world, Accepted(at, "editMessageText", chat_id, message_id, text, None, entities, live_calls(text), fields)
    )


METHODS: dict[str, Callable[[World, dict[str, Any], float], Any]] = {
    "getMe": get_me,
    "getUpdates": get_updates,
    "answerCallbackQuery": answer_callback_query,
    "sendMessage": send_message,
    "editMessageText": edit_message_text,
}


def _accept(world: World, message: Accepted) -> Any:
    world.messages[message.chat, message.message_id] = _content(message.raw)
    world.transcript.append(message)
    kind = {"id": -1, "type": "supergroup", "title": message.chat}
    return {"message_id": message.message_id, "date": 1_790_000_000, "chat": kind, "text": message.text}


def _content(fields: dict[str, Any]) -> str:
    return json.dumps([fields.get(name) for name in ("text", "parse_mode", "reply_markup")])


def live_calls(text: str) -> tuple[str, ...]:
    """Return what a client would make a live mention or command of."""
    return tuple(_MENTION.findall(text) + _COMMAND.findall(text))


def _chat(world: World, chat_id: str) -> Chat:
    chat = world.chats.get(chat_id)
    if not chat_id:
        raise Refused(400, "Bad Request: chat_id is empty")
    if chat is None:
        raise Refused(400, "Bad Request: chat not found")
    if chat.migrated_to:
        text = "Bad Request: group chat was upgraded to a supergroup chat"
        raise Refused(400, text, migrate_to_chat_id=chat.migrated_to)
    if chat.kicked:
        raise Refused(403, "Forbidden: bot was kicked from the supergroup chat")
    return chat


def _thread(chat: Chat, fields: dict[str, Any]) -> int | None:
    if "message_thread_id" not in fields:
        return None
    thread = int(fields["message_thread_id"])
    if thread in chat.closed:
        raise Refused(400, "Bad Request: TOPIC_CLOSED")
    if thread not in (chat.topics or ()):
        raise Refused(400, "Bad Request: message thread not found")
    return thread


def _text(fields: dict[str, Any]) -> tuple[str, tuple[Any, ...]]:
    source, mode = str(fields.get("text", "")), fields.get("parse_mode")
    if mode not in (None, "HTML"):
        raise Refused(400, "Bad Request: unsupported parse_mode")
    try:
        text, entities = parse_html(source) if mode else (source, ())
    except MarkupError as error:
        raise Refused(400, str(error)) from None
    text = text.strip()
    if not text:
        raise Refused(400, "Bad Request: message text is empty")
    if utf16(text) > LIMIT:
        raise Refused(400, "Bad Request: message is too long")
    return text, entities


def _keyboard(fields: dict[str, Any]) -> None:
    if "reply_markup" not in fields:
        return
    markup = fields["reply_markup"]
    try:
        rows = (json.loads(markup) if isinstance(markup, str) else markup)["inline_keyboard"]
        buttons = [button for row in rows for button in row]
    except (ValueError, KeyError, TypeError):
        raise Refused(400, "Bad Request: object expected as reply markup") from None
    for button in buttons:
        _button(button)


def _button(button: dict[str, Any]) -> None:
    if not button.get("text"):
        raise Refused(400, "Bad Request: inline keyboard button text is empty")
    if len(button.keys() & {"url", "callback_data"}) != 1:
        raise Refused(400, "Bad Request: can't parse inline keyboard button: Text buttons are unallowed")
    data = button.get("callback_data")
    if data is not None and not 1 <= len(data.encode()) <= 64:
        raise Refused(400, "Bad Request: BUTTON_DATA_INVALID")
    url = urlsplit(button.get("url", "https://t.me/x"))
    if url.scheme not in ("http", "https", "tg") or not url.netloc or " " in url.geturl():
        raise Refused(400, "Bad Request: inline keyboard button URL is invalid: Wrong HTTP URL")
