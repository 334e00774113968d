"""A Bot API server with one bot and its chats, and ways to make it misbehave.

It takes what core.telegram.org/bots/api says; its refusals are worded as in
tdlib/telegram-bot-api, telegram-bot-api/Client.cpp and ClientManager.cpp.
"""

import json
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from threading import Lock
from typing import Any, cast
from urllib.parse import parse_qsl

from uasocial.testing.contract import HttpNetwork, Seen
from uasocial.testing.loopback import Answer, Request, Server
from uasocial.testing.network import SECRET

__all__ = ["Chat", "FakeTelegram", "Held", "TelegramNetwork"]

# api.telegram.org/bots/api#sendmessage "1-4096 characters after entities parsing". That these are
# code points was seen by others: FerroxLabs/wayland#934, 4,096 astral ones taken, 4,097 refused.
LONGEST_TEXT = 4096
# #sendphoto "0-1024 characters after entities parsing"
LONGEST_CAPTION = 1024
# #sendmediagroup "must include 2-10 items"
ALBUM = range(2, 11)
# #sendphoto "The photo must be at most 10 MB in size."
MOST_BYTES = 10_000_000
# Client.cpp: the descriptions start with the name of their code.
NAMES = {400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found"}


class _Refused(Exception):  # noqa: N818 - an answer, and no fault
    """An answer with `ok` false."""

    def __init__(self, code: int, why: str = "", **parameters: int) -> None:
        self.code, self.parameters = code, parameters
        name = NAMES.get(code, "Internal Server Error")
        self.description = f"{name}: {why}" if why else name


@dataclass
class Chat:
    """A chat; *member* is the bot's ChatMember there, `{}` where it never was."""

    id: int
    type: str = "channel"
    title: str = "Voices"
    username: str = "voices"
    member: dict[str, Any] = field(default_factory=dict)

    def shown(self) -> dict[str, Any]:
        """Return a Chat; a private one has no username."""
        named = {"username": self.username} if self.username else {}
        return {"id": self.id, "type": self.type, "title": self.title, **named}


@dataclass
class Held:
    """A message that the server holds; an album's have one *group*. *old* is past 48 hours."""

    number: int
    chat: int
    text: str
    photo: bytes = b""
    answers: int | None = None
    silent: bool = False
    preview: bool = True
    group: str = ""
    old: bool = False


class FakeTelegram(Server):
    """Holds the *messages* of one bot by their order; *revoke* makes its *token* another."""

    def __init__(self) -> None:
        self.token = self._new_token()
        rights = {"status": "administrator", "can_post_messages": True}
        self.channel = Chat(-1001234567890, member=rights)
        self.group = Chat(-123, "group", "Helpers", "", {"status": "member"})
        self.chats = [self.channel, self.group]
        self.messages: list[Held] = []
        self.migrated: dict[int, int] = {}
        self._taken = 10
        self._lock = Lock()
        super().__init__()

    def revoke(self) -> None:
        """Give the bot another token, as @BotFather's /revoke does."""
        self.token = self._new_token()

    def answer(self, request: Request) -> Answer:
        # #making-requests: https://api.telegram.org/bot<token>/METHOD_NAME
        token, _, method = request.path.removeprefix("/bot").partition("/")
        with self._lock:
            try:
                return _told(200, ok=True, result=self._done(token, method, request))
            except _Refused as no:
                # #making-requests: ok, error_code, description, and parameters where there are any.
                more = {"parameters": no.parameters} if no.parameters else {}
                said = {"error_code": no.code, "description": no.description}
                return _told(no.code, ok=False, **said, **more)

    @staticmethod
    def _new_token() -> str:
        return f"{secrets.randbelow(10**9)}:{SECRET}{secrets.token_hex(16)}"

    def _done(self, token: str, method: str, request: Request) -> Any:
        if token != self.token:
            raise _Refused(401)
        methods: dict[str, Callable[[dict[str, Any], dict[str, bytes]], Any]] = {
            "getme": lambda *_: self._me(),
            "getchat": lambda fields, _: self._chat(fields).shown(),
            "getchatmember": lambda fields, _: self._member(fields),
            "sendmessage": lambda fields, _: self._send(fields),
            "sendphoto": self._send_photo,
            "sendmediagroup": self._send_album,
            "editmessagetext": lambda fields, _: self._edit(fields, "text", LONGEST_TEXT),
            "editmessagecaption": lambda fields, _: self._edit(fields, "caption", LONGEST_CAPTION),
            "deletemessage": lambda fields, _: self._delete(fields),
        }
        # #making-requests: "All methods in the Bot API are case-insensitive."
        if method.lower() not in methods:
            raise _Refused(404)
        return methods[method.lower()](*_read(request))

    def _me(self) -> dict[str, Any]:
        number = int(self.token.partition(":")[0])
        return {"id": number, "is_bot": True, "first_name": "Voices", "username": "voices_bot"}

    def _chat(self, fields: Mapping[str, Any]) -> Chat:
        named = f"{fields.get('chat_id', '')}"
        for chat in self.chats:
            if named in {f"{chat.id}", f"@{chat.username}"}:
                return chat
        # Client.cpp, check_chat and on_error: also for a private chat that the bot never saw.
        raise _Refused(400, "chat not found")

    def _member(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        chat = self._chat(fields)
        if not chat.member and chat.type == "channel":
            raise _Refused(400, "member list is inaccessible")
        return {"status": "left", **chat.member}

    def _may_post(self, fields: Mapping[str, Any]) -> Chat:
        chat = self._chat(fields)
        if chat.id in self.migrated:
            # #responseparameters, migrate_to_chat_id
            why = "group chat was upgraded to a supergroup chat"
            raise _Refused(400, why, migrate_to_chat_id=self.migrated[chat.id])
        status = chat.member.get("status")
        if status == "kicked":
            raise _Refused(403, f"bot was kicked from the {chat.type} chat")
        if status is None:
            raise _Refused(403, f"bot is not a member of the {chat.type} chat")
        if chat.type == "channel" and not chat.member.get("can_post_messages"):
            raise _Refused(400, "need administrator rights in the channel chat")
        return chat

    def _send(self, fields: dict[str, Any]) -> dict[str, Any]:
        chat = self._may_post(fields)
        text = _fitting(fields.get("text", ""), LONGEST_TEXT, "message is too long")
        if not text:
            raise _Refused(400, "message text is empty")
        preview = fields.get("link_preview_options", {}).get("is_disabled") is not True
        return self._hold(chat, fields, text, preview=preview)

    def _send_photo(self, fields: dict[str, Any], files: dict[str, bytes]) -> dict[str, Any]:
        chat = self._may_post(fields)
        if "photo" not in files:
            raise _Refused(400, "there is no photo in the request")
        text = _caption(fields)
        return self._hold(chat, fields, text, photo=_photo(files["photo"]))

    def _send_album(self, fields: dict[str, Any], files: dict[str, bytes]) -> list[dict[str, Any]]:
        chat, album = self._may_post(fields), fields.get("media", [])
        if len(album) not in ALBUM:
            raise _Refused(400, "the album must include 2-10 items")
        ready = [(_caption(one), _photo(_attached(one, files))) for one in album]
        group = secrets.token_hex(4)
        return [self._hold(chat, fields, text, photo=got, group=group) for text, got in ready]

    def _hold(self, chat: Chat, fields: dict[str, Any], text: str, **more: Any) -> dict[str, Any]:
        answers = self._answered(chat, fields)
        self._taken += 1
        silent = fields.get("disable_notification") is True
        held = Held(self._taken, chat.id, text, answers=answers, silent=silent, **more)
        self.messages.append(held)
        # #message: `date` is always there.
        at = int(time.time())
        return {"message_id": held.number, "date": at, "chat": chat.shown(), "text": text}

    def _answered(self, chat: Chat, fields: dict[str, Any]) -> int | None:
        # #replyparameters: the message must be there, unless allow_sending_without_reply.
        if "reply_parameters" not in fields:
            return None
        number = fields["reply_parameters"]["message_id"]
        return self._held(chat, number, "message to be replied not found").number

    def _held(self, chat: Chat, number: object, why: str) -> Held:
        for held in self.messages:
            if (held.chat, held.number) == (chat.id, number):
                return held
        raise _Refused(400, why)

    def _edit(self, fields: dict[str, Any], part: str, longest: int) -> dict[str, Any]:
        chat = self._may_post(fields)
        held = self._held(chat, fields.get("message_id"), "message to edit not found")
        if (part == "caption") != bool(held.photo):
            raise _Refused(400, f"there is no {part} in the message to edit")
        text = _fitting(fields[part], longest, "MESSAGE_TOO_LONG")
        if text == held.text:
            raise _Refused(
                400,
                "message is not modified: specified new message content and reply markup are "
                "exactly the same as a current content and reply markup of the message",
            )
        held.text = text
        return {"message_id": held.number, "chat": chat.shown(), part: text}

    def _delete(self, fields: dict[str, Any]) -> bool:
        chat = self._chat(fields)
        number = fields.get("message_id")
        held = self._held(chat, number, "message to delete not found")
        # #deletemessage: within 48 hours; later with can_delete_messages.
        if held.old and not chat.member.get("can_delete_messages"):
            raise _Refused(400, "message can't be deleted")
        self.messages.remove(held)
        return True


def _read(request: Request) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Return the fields and files of a request: JSON, or a form whose fields may hold JSON."""
    # #making-requests: three of its four ways to pass parameters.
    kind = request.headers.get("content-type", "")
    if kind.startswith("application/json"):
        return json.loads(request.body), {}
    if kind.startswith("application/x-www-form-urlencoded"):
        return {name: _plain(name, said) for name, said in parse_qsl(request.body.decode())}, {}
    whole = BytesParser(policy=HTTP).parsebytes(
        f"Content-Type: {kind}\r\n\r\n".encode() + request.body
    )
    fields: dict[str, Any] = {}
    files: dict[str, bytes] = {}
    for part in whole.iter_parts():
        name = f"{part.get_param('name', header='content-disposition')}"
        content = cast("bytes", part.get_payload(decode=True))
        if part.get_filename():
            files[name] = content
        else:
            fields[name] = _plain(name, content.decode())
    return fields, files


def _plain(name: str, said: str) -> Any:
    # #making-requests: objects and arrays of a form are "JSON-serialized".
    if name in {"chat_id", "caption", "text"}:
        return said
    return json.loads(said)


def _fitting(text: str, longest: int, why: str) -> str:
    # White space around a text is taken off; what is left is counted.
    kept = text.strip()
    if len(kept) > longest:
        raise _Refused(400, why)
    return kept


def _caption(fields: Mapping[str, Any]) -> str:
    return _fitting(fields.get("caption", ""), LONGEST_CAPTION, "message caption is too long")


def _attached(one: Mapping[str, Any], files: Mapping[str, bytes]) -> bytes:
    # #inputmediaphoto, media: "attach://<file_attach_name>"
    name = f"{one.get('media', '')}".removeprefix("attach://")
    if one.get("type") != "photo" or name not in files:
        raise _Refused(400, "wrong file identifier/HTTP URL specified")
    return files[name]


def _photo(content: bytes) -> bytes:
    if len(content) > MOST_BYTES:
        raise _Refused(400, "file is too big")
    if content[:3] != b"\xff\xd8\xff" and content[:8] != b"\x89PNG\r\n\x1a\n":
        raise _Refused(400, "IMAGE_PROCESS_FAILED")
    return content


def _told(status: int, **said: object) -> Answer:
    return Answer(status, json.dumps(said).encode(), {"Content-Type": "application/json"})


class TelegramNetwork(HttpNetwork):
    """A channel of the fake server, and its bot."""

    owner = "@voices_bot"

    def __init__(self) -> None:
        self.fake = FakeTelegram()
        super().__init__(self.fake.url)
        self.settings = {"chat": "@voices", "server": self.url}
        self.secrets = {"bot_token": self.fake.token}

    def seen(self) -> list[Seen]:
        posts: dict[str, list[Held]] = {}
        for held in self.fake.messages:
            posts.setdefault(held.group or f"{held.number}", []).append(held)
        return [
            _seen(parts, {held.number: one for one in posts.values() for held in one})
            for parts in posts.values()
        ]

    def is_create(self, request: Request) -> bool:
        return request.path.rpartition("/")[2] in {"sendMessage", "sendPhoto", "sendMediaGroup"}

    def too_many(self, seconds: int) -> Answer:
        # #responseparameters, retry_after
        why = f"Too Many Requests: retry after {seconds}"
        more = {"retry_after": seconds}
        return _told(429, ok=False, error_code=429, description=why, parameters=more)

    def revoke(self) -> None:
        self.fake.revoke()

    def close(self) -> None:
        super().close()
        self.fake.close()


def _seen(parts: list[Held], whose: Mapping[int, list[Held]]) -> Seen:
    """Return a post of one message, or of those of an album; Telegram has no alt texts."""
    first = parts[0]
    answered = whose.get(first.answers or 0)
    answers = _remote_id(answered) if answered else None
    return Seen(_remote_id(parts), first.text, tuple("" for one in parts if one.photo), answers)


def _remote_id(parts: list[Held]) -> str:
    return f"{parts[0].chat}/{','.join(f'{one.number}' for one in parts)}"
