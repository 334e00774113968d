"""A chat on Telegram, and the bot that publishes there.

Source: core.telegram.org/bots/api, Bot API 9.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar, NamedTuple, NoReturn

from uasocial.errors import SettingsError
from uasocial.model.post import Media, Post, Receipt
from uasocial.platforms.publisher import (
    CannotTell,
    NotAuthorized,
    OutcomeUnknown,
    Prepared,
    Promise,
    Publisher,
    Rejected,
    Secrets,
    Transient,
)
from uasocial_telegram.bot_api import SERVER, BotAPI, Photo
from uasocial_telegram.refusals import quoted

__all__ = ["Telegram"]

SECONDS = 20
# #sendphoto: "0-1024 characters after entities parsing"; counted in code points, as a text is.
LONGEST_CAPTION = 1024
# #sendmediagroup: "must include 2-10 items".
MOST_PICTURES = 10
# #sendphoto: "at most 10 MB", width and height "must not exceed 10000 in total", ratio at most 20.
MOST_BYTES = 10_000_000
MOST_SIDES = 10_000
MOST_RATIO = 20
# #sendmessage, chat_id: the username of a channel "in the format @channelusername", or a number.
_CHAT = re.compile(r"@[A-Za-z][A-Za-z0-9_]{3,31}|-?[0-9]{1,20}")
_REMOTE_ID = re.compile(r"(-?[0-9]{1,20})/([0-9]{1,20}(?:,[0-9]{1,20})*)")
# How the id of a channel or supergroup begins, where its private link leaves that out.
_PRIVATE = "-100"


class _Place(NamedTuple):
    """Where a post is: the number of its chat, and its own; an album has several."""

    chat: str
    numbers: tuple[int, ...]


class Telegram(Publisher):
    """A bot in a channel or a group; bots can look nothing up, so a lost answer is for a person."""

    promise: ClassVar[Promise] = "neither"
    # SECONDS to connect, and five times that for an album of 10 x 10 MB.
    timeout: ClassVar[timedelta] = timedelta(seconds=120)

    def __init__(self, settings: Mapping[str, str], secrets: Secrets) -> None:
        self._chat = settings["chat"]
        if not _CHAT.fullmatch(self._chat):
            raise SettingsError(
                f"chat = {quoted(self._chat)!r}: write @name for a public channel, else its number"
            )
        self._silent = _flag(settings, "silent", default=False)
        self._preview = _flag(settings, "link_preview", default=True)
        self._api = BotAPI(settings.get("server") or SERVER, secrets["bot_token"], SECONDS)
        # Of the post that was prepared last: pictures go with the call itself.
        self._pictures: tuple[str, tuple[bytes, ...]] = "", ()

    def prepare(self, given: Prepared, media: Callable[[str], bytes]) -> Mapping[str, Any]:
        post = given.post
        _assert_fits(post)
        pictures = tuple(media(one.sha256) for one in post.media)
        for number, content in enumerate(pictures, 1):
            if len(content) > MOST_BYTES:
                raise Rejected(f"picture {number} has more than 10 MB: Telegram takes none such")
        self._pictures = given.key, pictures
        return given.data

    def create(self, prepared: Prepared) -> Receipt:
        fields = self._common(prepared)
        photos = self._photos(prepared)
        text = prepared.post.text
        if not photos:
            method, fields = "sendMessage", fields | {"text": text, **self._shown()}
        elif len(photos) == 1:
            method, fields = "sendPhoto", fields | _with_caption({}, text)
            photos = (photos[0]._replace(field="photo"),)
        else:
            method, fields = "sendMediaGroup", fields | {"media": _album(photos, text)}
        result = self._api.call(method, fields, photos, unanswered=OutcomeUnknown)
        return self._receipt(result)

    def find(self, prepared: Prepared, since: datetime) -> Receipt | None:
        del prepared
        raise CannotTell(
            f"a bot cannot look posts up: see whether it is in {self._chat}, from "
            f"{since:%H:%M:%S} UTC on"
        )

    def edit(self, receipt: Receipt, prepared: Prepared) -> Receipt:
        place, post = _place(receipt), prepared.post
        if len(place.numbers) != max(1, len(post.media)):
            raise Rejected(f"{_named(receipt)}: Telegram changes a text, and no pictures")
        _assert_fits(post)
        fields: dict[str, Any] = {"chat_id": place.chat, "message_id": place.numbers[0]}
        if post.media:
            method, fields = "editMessageCaption", fields | {"caption": post.text}
        else:
            method, fields = "editMessageText", fields | {"text": post.text, **self._shown()}
        try:
            # It may be changed, though no answer came.
            self._api.call(method, fields, unanswered=OutcomeUnknown)
        except Rejected as error:
            if "message is not modified" not in f"{error}":
                raise
        return receipt

    def delete(self, receipt: Receipt) -> None:
        place = _place(receipt)
        for number in place.numbers:
            fields = {"chat_id": place.chat, "message_id": number}
            try:
                self._api.call("deleteMessage", fields)
            except Rejected as error:
                if "message to delete not found" not in f"{error}":
                    _cannot_delete(receipt, error)

    def check(self) -> str:
        bot = self._api.call("getMe", {})
        chat = self._api.call("getChat", {"chat_id": self._chat})
        member = self._api.call("getChatMember", {"chat_id": self._chat, "user_id": bot["id"]})
        name, title = quoted(f"@{bot['username']}"), quoted(chat.get("title", self._chat))
        if not _may_post(chat, member):
            raise NotAuthorized(
                f"{name} may not post in {title}: make it an administrator with the right to post"
            )
        return f"{name} in {chat['type']} {title}"

    def _common(self, prepared: Prepared) -> dict[str, Any]:
        """Return the fields that each way to send has."""
        fields: dict[str, Any] = {"chat_id": self._chat}
        if self._silent:
            fields["disable_notification"] = True
        if prepared.answers:
            fields["reply_parameters"] = {"message_id": _place(prepared.answers).numbers[0]}
        return fields

    def _photos(self, prepared: Prepared) -> tuple[Photo, ...]:
        key, pictures = self._pictures
        stated = prepared.post.media
        if stated and key != prepared.key:
            raise Transient("the pictures have not been read yet")
        # Up to 100 MB: whoever tries again prepares again.
        self._pictures = "", ()
        return tuple(
            Photo(f"picture{number}", one.type, content)
            for number, (one, content) in enumerate(zip(stated, pictures, strict=True))
        )

    def _shown(self) -> dict[str, Any]:
        return {} if self._preview else {"link_preview_options": {"is_disabled": True}}

    def _receipt(self, result: Any) -> Receipt:
        try:
            sent = result if isinstance(result, list) else [result]
            chat, numbers = sent[0]["chat"], [int(one["message_id"]) for one in sent]
            remote_id = f"{int(chat['id'])}/{','.join(map(str, numbers))}"
            return Receipt(remote_id, _permalink(chat, numbers[0]))
        except (IndexError, KeyError, TypeError, ValueError):
            raise OutcomeUnknown(f"{self._api.host} answers with no post") from None


def _flag(settings: Mapping[str, str], name: str, *, default: bool) -> bool:
    said = settings.get(name, "").lower()
    if said not in {"", "true", "false"}:
        raise SettingsError(f"{name} = {quoted(said)!r}: write true or false")
    return said == "true" if said else default


def _assert_fits(post: Post) -> None:
    """Raise Rejected for what Telegram does not take together; it says itself what else it won't.

    There is one call for text and pictures: a text that is too long to stand under a picture would
    have to be a post of its own.
    """
    if post.media and len(post.text) > LONGEST_CAPTION:
        raise Rejected(
            f"with pictures a text has at most {LONGEST_CAPTION:,} characters on Telegram, and "
            f"this one {len(post.text):,}: shorten it, or leave the pictures out"
        )
    if len(post.media) > MOST_PICTURES:
        raise Rejected(f"a post has at most {MOST_PICTURES} pictures on Telegram")
    for number, one in enumerate(post.media, 1):
        _assert_shape(number, one)


def _assert_shape(number: int, picture: Media) -> None:
    sides = picture.width, picture.height
    if sum(sides) > MOST_SIDES or max(sides) > MOST_RATIO * min(sides):
        raise Rejected(
            f"picture {number} has {sides[0]} x {sides[1]} pixels: Telegram takes width and height "
            f"of {MOST_SIDES:,} together, and at most {MOST_RATIO} to 1"
        )


def _album(photos: tuple[Photo, ...], text: str) -> list[dict[str, str]]:
    """Return the pictures in their order; the text stands under the first, and so under all."""
    album = [{"type": "photo", "media": f"attach://{photo.field}"} for photo in photos]
    return [_with_caption(album[0], text), *album[1:]]


def _with_caption(fields: dict[str, str], text: str) -> dict[str, str]:
    return fields | ({"caption": text} if text else {})


def _place(receipt: Receipt) -> _Place:
    match = _REMOTE_ID.fullmatch(receipt.remote_id)
    if match is None:
        raise Rejected(f"{_named(receipt)}: is no post that this publisher has made")
    return _Place(match[1], tuple(map(int, match[2].split(","))))


def _named(receipt: Receipt) -> str:
    return quoted(receipt.permalink or receipt.remote_id)


def _permalink(chat: Mapping[str, Any], number: int) -> str:
    """Return a post's address; a small group has none."""
    if chat.get("username"):
        return f"https://t.me/{chat['username']}/{number}"
    private = f"{chat['id']}"
    inner = private.removeprefix(_PRIVATE)
    return f"https://t.me/c/{inner}/{number}" if inner != private else ""


def _cannot_delete(receipt: Receipt, error: Rejected) -> NoReturn:
    # #deletemessage: within 48 hours, or with the right to delete.
    raise Rejected(
        f"{_named(receipt)}: {error}. After 48 hours a bot needs the right to delete posts: give "
        "it, or delete the post by hand"
    ) from None


def _may_post(chat: Mapping[str, Any], member: Mapping[str, Any]) -> bool:
    """Whether a bot may post; #chatmember: can_post_messages is of channels only."""
    status = member.get("status")
    if chat["type"] == "channel":
        return status == "administrator" and member.get("can_post_messages") is True
    if status == "restricted":
        return member.get("can_send_messages") is True
    return status in {"administrator", "creator", "member"}
