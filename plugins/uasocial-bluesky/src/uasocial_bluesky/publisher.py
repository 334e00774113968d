"""An account on Bluesky.

What makes a post one post: its record has a key that follows from the delivery, and is put there
only where nothing is. The same again is the same record; something else under that key is refused.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, TypeVar

from uasocial.errors import SettingsError
from uasocial.model.post import Post, Receipt
from uasocial.platforms.publisher import (
    CannotTell,
    NotAuthorized,
    OutcomeUnknown,
    Prepared,
    Profile,
    Promise,
    Publisher,
    Rejected,
    Secrets,
)
from uasocial_bluesky.addresses import Place, is_handle, permalink, place_of, service_of
from uasocial_bluesky.keys import rkey_of
from uasocial_bluesky.record import POSTS, Parts, handles_in, record_of
from uasocial_bluesky.refusals import ENDED, Refusal, of_account, of_create, of_repeatable
from uasocial_bluesky.server import Server
from uasocial_bluesky.sessions import Session, Sessions

__all__ = ["Bluesky"]

T = TypeVar("T")

# A record is made ready again after so long: its pictures may be gone by then (unused ones are kept
# for minutes, says the lexicon of uploadBlob), and it would appear as a post of that earlier time.
GOOD_FOR = timedelta(minutes=30)
_BAD_REQUEST = 400


class Bluesky(Publisher):
    """Publishes for one account; nothing is asked of anybody until a method needs it."""

    promise: ClassVar[Promise] = "key"
    # A call, the wait for whoever renews the session, a refresh, a login, the call again.
    timeout = timedelta(seconds=120)

    def __init__(self, settings: Mapping[str, str], secrets: Secrets) -> None:
        handle = settings["handle"].strip().removeprefix("@")
        self._as_card = _as_card(settings.get("card", "link"))
        self._sessions = Sessions(handle, service_of(settings), secrets)
        self._to_do_again: set[str] = set()

    def prepare(self, given: Prepared, media: Callable[[str], bytes]) -> Mapping[str, Any]:
        now, did = datetime.now(UTC), self._sessions.present().did
        if self._is_good(given, did, now):
            return given.data
        with _repeatable():
            record = record_of(given.post, self._parts(given, media, now))
        self._to_do_again.discard(given.key)
        rkey = rkey_of(given.key, given.post.created_at)
        return {"repo": did, "rkey": rkey, "made_at": now.isoformat(), "record": record}

    def create(self, prepared: Prepared) -> Receipt:
        data = prepared.data
        place = _place(data)
        try:
            uri = self._called(lambda at, session: at.put(session.access, place, data["record"]))
        except Refusal as refusal:
            if refusal.name == "BlobNotFound":
                self._to_do_again.add(prepared.key)
            raise of_create(refusal) from None
        if uri != place.uri:
            raise OutcomeUnknown(f"the answer is about another record than {place.uri}")
        return Receipt(uri, permalink(place))

    def find(self, prepared: Prepared, since: datetime) -> Receipt | None:
        del since
        place, server = _place(prepared.data), self._sessions.home()
        try:
            found = server.record(place)
        except Refusal as refusal:
            if refusal.name == "RecordNotFound":
                return None
            error = of_repeatable(refusal)
            raise CannotTell(str(error)) if isinstance(error, Rejected) else error from None
        if found.value.get("text") != prepared.post.text:
            raise CannotTell(f"{permalink(place)} holds other words: look there")
        return Receipt(place.uri, permalink(place))

    def delete(self, receipt: Receipt) -> None:
        place = place_of(receipt.remote_id)
        if place is None or place.repo != self._sessions.present().did:
            shown = receipt.permalink or receipt.remote_id
            raise Rejected(f"{shown}: is no post of this account: delete it by hand")
        with _repeatable():
            self._called(lambda at, session: at.delete(session.access, place))

    def resolve(self, handle: str) -> Profile | None:
        with _repeatable():
            did = self._did(handle)
        return Profile(did, handle) if did else None

    def check(self) -> str:
        try:
            found = self._called(lambda at, session: at.session(session.access))
        except Refusal as refusal:
            raise of_account(refusal) from None
        host = self._sessions.home().host
        if found.active is False:
            raise NotAuthorized(f"{host}: the account is {found.status or 'not active'}")
        return f"@{found.handle} ({found.did}) at {host}"

    def close(self) -> None:
        self._sessions.close()

    def _called(self, call: Callable[[Server, Session], T]) -> T:
        """Make a call; once more if the session has ended, for then it was not even looked at."""
        session = self._sessions.present()
        try:
            return call(self._sessions.at(session.server), session)
        except Refusal as refusal:
            if refusal.name not in ENDED or refusal.status != _BAD_REQUEST:
                raise
        session = self._sessions.renewed(session)
        return call(self._sessions.at(session.server), session)

    def _is_good(self, given: Prepared, did: str, now: datetime) -> bool:
        """Tell whether what was prepared earlier can go out as it is."""
        data = given.data
        if not data or given.key in self._to_do_again or data["repo"] != did:
            return False
        fresh = timedelta(0) <= now - datetime.fromisoformat(data["made_at"]) < GOOD_FOR
        reply = data["record"].get("reply")
        answers = given.answers.remote_id if given.answers else None
        same = data["record"]["text"] == given.post.text
        return fresh and same and answers == (reply["parent"]["uri"] if reply else None)

    def _parts(self, given: Prepared, media: Callable[[str], bytes], now: datetime) -> Parts:
        """Ask and upload what the record needs."""
        reply = self._reply(given.answers) if given.answers else None
        dids = self._dids(given.post)
        blobs = [self._blob(media(one.sha256), one.type) for one in given.post.media]
        return Parts(now, dids, blobs, reply, self._as_card)

    def _blob(self, picture: bytes, media_type: str) -> dict[str, Any]:
        return self._called(lambda at, session: at.upload(session.access, picture, media_type))

    def _reply(self, answers: Receipt) -> dict[str, Any]:
        """Return what names the post before, and the first of the thread."""
        place = place_of(answers.remote_id)
        if place is None:
            raise Rejected(f"{answers.remote_id}: is no post on Bluesky that could be answered")
        try:
            found = self._sessions.at(self._sessions.present().server).record(place)
        except Refusal as refusal:
            if refusal.name == "RecordNotFound":
                raise Rejected(
                    f"{permalink(place)}: the post that this one answers is gone"
                ) from None
            raise
        parent = {"uri": found.uri, "cid": found.cid}
        root = (found.value.get("reply") or {}).get("root") or parent
        return {"root": {"uri": root["uri"], "cid": root["cid"]}, "parent": parent}

    def _dids(self, post: Post) -> dict[str, str]:
        """Return who is mentioned; whom nobody knows is left as text, as Bluesky's own app does.

        A handle that was looked up before approval has its stable id already.
        """
        known = {one.handle.lower(): one.id for one in post.mentions if one.id.startswith("did:")}
        return {name: known.get(name) or self._did(name) or "" for name in handles_in(post.text)}

    def _did(self, handle: str) -> str | None:
        if not is_handle(handle):
            # A server breaks over what has not the form of a handle.
            return None
        try:
            return self._sessions.home().resolve(handle.lower())
        except Refusal as refusal:
            if refusal.is_of_protocol and refusal.status == _BAD_REQUEST:
                return None
            raise


def _place(data: Mapping[str, Any]) -> Place:
    return Place(data["repo"], POSTS, data["rkey"])


def _as_card(said: str) -> bool:
    if said not in {"link", "picture"}:
        raise SettingsError(f"card {said[:100]!r}: must be 'link' or 'picture'")
    return said == "picture"


@contextmanager
def _repeatable() -> Iterator[None]:
    """Say what a refusal means of calls that can be made again."""
    try:
        yield
    except Refusal as refusal:
        raise of_repeatable(refusal) from None
