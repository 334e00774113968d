"""The account of a server that speaks Mastodon's language, opened."""

import hashlib
import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar

from uasocial.errors import printable
from uasocial.model.post import Receipt
from uasocial.platforms.publisher import (
    CannotTell,
    NotAuthorized,
    NotYet,
    Prepared,
    Profile,
    Promise,
    Publisher,
    Rejected,
    Secrets,
    ServerLimits,
)
from uasocial_mastodon import finding, people, uploading
from uasocial_mastodon.failing import NOT_FOUND, Failure, of_create, of_repeatable
from uasocial_mastodon.limits import limits_of
from uasocial_mastodon.options import options_of
from uasocial_mastodon.server import Server

__all__ = ["Mastodon", "Pixelfed"]

# A number on Mastodon and Pixelfed, an ULID on GoToSocial. A person who has found a post tells its
# address instead, and of that a server only says that it has no such post.
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Mastodon(Publisher):
    """Publishes statuses.

    It promises the look-up alone: some servers ignore an idempotency key, Mastodon itself answers
    a repeated one with 500 in some versions (mastodon/mastodon#40399), and keeps it for an hour.
    The key is sent all the same.
    """

    promise: ClassVar[Promise] = "look-up"
    timeout: ClassVar[timedelta] = timedelta(seconds=29)

    def __init__(self, settings: Mapping[str, str], secrets: Secrets) -> None:
        self.options = options_of(settings)
        self.server = Server(self.options, secrets["access_token"])
        self._id = ""

    def prepare(self, given: Prepared, media: Callable[[str], bytes]) -> Mapping[str, Any] | NotYet:
        if not given.post.media:
            return {}
        return uploading.upload(self.server, given.post.media, given.data, media)

    def create(self, prepared: Prepared) -> Receipt:
        post = prepared.post
        answers = self._answered(prepared.answers) if prepared.answers else None
        try:
            status = self.server.ask(
                self.server.calls.status_post,
                post.text,
                in_reply_to_id=answers,
                media_ids=uploading.ids(post.media, prepared.data) or None,
                sensitive=self._sensitive(prepared),
                visibility=self.options.visibility,
                spoiler_text=post.content_warning or None,
                language=post.language,
                idempotency_key=_key(prepared),
                # Some servers read a text as Markdown where the account prefers that.
                content_type="text/plain",
            )
            return _receipt(self.server, status)
        except Failure as failure:
            if failure.status == NOT_FOUND and answers:
                raise Rejected(f"{failure.host}: the post that it answers is gone") from None
            raise of_create(failure) from None

    def _answered(self, receipt: Receipt) -> str:
        """Return the id of the post before, which ends its address too on the account's server.

        The address is all that a person tells who has found it.
        """
        *_, last = receipt.remote_id.rsplit("/", 1)
        is_here = receipt.remote_id.startswith(f"{self.options.base}/")
        if _ID.fullmatch(receipt.remote_id) or (is_here and _ID.fullmatch(last)):
            return last
        shown = printable(receipt.remote_id)[:300]
        raise Rejected(f"{shown}: only its address is known: answer it by hand")

    def find(self, prepared: Prepared, since: datetime) -> Receipt | None:
        if prepared.answers:
            prepared = prepared._replace(answers=Receipt(self._answered(prepared.answers)))
        found = finding.find(self.server, self._own_id, prepared, since)
        if found is None and self.options.visibility == "direct":
            # Mastodon lists them for their author; that all others do is written nowhere.
            raise CannotTell(f"{self.options.host}: a direct post may be live and not listed")
        return found

    def edit(self, receipt: Receipt, prepared: Prepared) -> Receipt:
        live = self._live(receipt)
        post = prepared.post
        try:
            # What is not named again is taken off: pictures, and that they are sensitive.
            status = self.server.ask(
                self.server.calls.status_update,
                receipt.remote_id,
                post.text,
                spoiler_text=post.content_warning,
                sensitive=bool(self._sensitive(prepared) or live.get("sensitive")),
                media_ids=uploading.ids(post.media, prepared.data) or None,
            )
            return _receipt(self.server, status)
        except Failure as failure:
            # It may be changed, though no answer came.
            raise of_create(failure) from None

    def _live(self, receipt: Receipt) -> Any:
        _assert_id(receipt, "edit")
        try:
            return self.server.ask(self.server.calls.status, receipt.remote_id)
        except Failure as failure:
            if failure.status == NOT_FOUND:
                raise Rejected(f"{receipt.permalink or receipt.remote_id}: is gone") from None
            raise of_repeatable(failure) from None

    def delete(self, receipt: Receipt) -> None:
        _assert_id(receipt, "delete")
        try:
            # Pictures too: else they stay on the server for a day, for another try.
            self.server.ask(self.server.calls.status_delete, receipt.remote_id, delete_media=True)
        except Failure as failure:
            if failure.status != NOT_FOUND:
                raise of_repeatable(failure) from None

    def resolve(self, handle: str) -> Profile | None:
        return people.resolve(self.server, handle)

    def limits(self) -> ServerLimits:
        return limits_of(self.server)

    def check(self) -> str:
        account = self._own()
        name = f"@{account['acct']}@{self.options.host}"
        if account.get("suspended"):
            raise NotAuthorized(f"{name} is suspended: log in there and see why")
        if account.get("limited"):
            return f"{name} (limited by its moderators: only its followers see its posts)"
        return name

    def close(self) -> None:
        self.server.close()

    def _own(self) -> Any:
        try:
            account = self.server.ask(self.server.calls.account_verify_credentials)
            if not isinstance(account, dict) or not account.get("id") or not account.get("acct"):
                raise self.server.odd()
        except Failure as failure:
            raise of_repeatable(failure) from None
        return account

    def _own_id(self) -> str:
        """Return the account's id, asked for once."""
        self._id = self._id or str(self._own()["id"])
        return self._id

    def _sensitive(self, prepared: Prepared) -> bool | None:
        # Pixelfed drops a content warning from what is not said to be sensitive.
        return True if prepared.post.content_warning else self.options.sensitive


class Pixelfed(Mastodon):
    """Publishes on Pixelfed, which has pictures only."""

    def prepare(self, given: Prepared, media: Callable[[str], bytes]) -> Mapping[str, Any] | NotYet:
        if not given.post.media:
            raise Rejected(f"{self.options.host}: a post on Pixelfed needs a picture")
        return super().prepare(given, media)

    def edit(self, receipt: Receipt, prepared: Prepared) -> Receipt:
        return Publisher.edit(self, receipt, prepared)


def _key(prepared: Prepared) -> str:
    """Return a key of the delivery and of what it says: one key with other words is ignored."""
    said = [prepared.key, prepared.post.content_warning, prepared.post.text]
    return hashlib.sha256("\0".join(said).encode()).hexdigest()


def _receipt(server: Server, status: Any) -> Receipt:
    if not isinstance(status, dict) or not status.get("id"):
        raise server.odd()
    return Receipt(str(status["id"]), str(status.get("url") or status.get("uri") or ""))


def _assert_id(receipt: Receipt, what: str) -> None:
    """Raise Rejected where a post is not known by its id: that nobody has it means nothing then."""
    if not _ID.fullmatch(receipt.remote_id):
        shown = printable(receipt.permalink or receipt.remote_id)[:300]
        raise Rejected(f"{shown}: only its address is known: {what} it by hand")
