"""A publisher of plain texts through any service of Apprise, which promises little."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, ClassVar

from uasocial.model.post import Receipt
from uasocial.platforms.publisher import (
    NotAuthorized,
    NotYet,
    OutcomeUnknown,
    Prepared,
    Promise,
    Publisher,
    PublisherError,
    Rejected,
    Transient,
)

if TYPE_CHECKING:
    from uasocial_apprise.exchanges import Exchange

__all__ = ["AppriseService"]

UNAUTHORIZED, FORBIDDEN, NOT_FOUND, GONE, TOO_MANY = 401, 403, 404, 410, 429
# They may be said of a request that was carried out: https://www.rfc-editor.org/rfc/rfc9110#section-15.5
UNSURE = (408, 409, 425)
# Words that call everybody of a room, on one service or another.
_CALL = re.compile(r"@(?:everyone|here|channel|room|all)\b|<[!@]", re.IGNORECASE)


class AppriseService(Publisher):
    """One target of one service; what was sent can neither be looked up nor taken back."""

    promise: ClassVar[Promise] = "neither"

    def __init__(self, url: str) -> None:
        from uasocial_apprise.services import make  # noqa: PLC0415 - Apprise takes long

        service = make(url)
        if service is None:
            raise NotAuthorized(
                "Apprise cannot use the address of the account: see "
                "https://appriseit.com/services/ for its form, and which package it may need"
            )
        if len(service) != 1:
            # With one of them done and the other not there would be no telling.
            raise NotAuthorized(
                f"the address names {len(service)} targets: give each an account of its own"
            )
        self._url, self._service = url, service
        self._name = f"{service.service_name}"

    def __repr__(self) -> str:
        return f"<Apprise: {self._name}>"

    def prepare(
        self,
        given: Prepared,
        media: Callable[[str], bytes],  # noqa: ARG002 - it takes none
    ) -> Mapping[str, Any] | NotYet:
        """Refuse what would not arrive as it was written."""
        wrong = self._wrong(given)
        if wrong:
            raise Rejected(f"{self._name} by Apprise: {wrong}")
        return given.data

    def _wrong(self, given: Prepared) -> str:
        post = given.post
        lacking = {
            "carries no alt text, and so no picture": post.media,
            "carries no content warning": post.content_warning,
            "carries no thread": given.answers,
        }
        wrong = next((words for words, wanted in lacking.items() if wanted), "")
        call = _CALL.search(post.text)
        if call and not wrong:
            return f"{call[0]!r} might call everybody there: take it out"
        return wrong or self._too_long(post.text)

    def _too_long(self, text: str) -> str:
        from uasocial_apprise.services import shown  # noqa: PLC0415

        most, length = self._service.body_maxlen, len(shown(self._service, text))
        if length > most:
            return f"takes {most:,} characters, and this has {length:,}"
        most, lines = self._service.body_max_line_count, text.count("\n") + 1
        return f"takes {most} lines, and this has {lines}" if 0 < most < lines else ""

    def create(self, prepared: Prepared) -> Receipt:
        from apprise import NotifyFormat  # noqa: PLC0415

        from uasocial_apprise.exchanges import watched  # noqa: PLC0415
        from uasocial_apprise.services import said, sender  # noqa: PLC0415

        with watched() as exchanges:
            result = sender(self._service).notify(prepared.post.text, body_format=NotifyFormat.TEXT)
        if not result:
            words = f"{self._name} by Apprise: {said(result, self._url)}"
            raise _meaning(exchanges, words)
        # Apprise tells no id: this one is ours.
        return Receipt(f"apprise-{prepared.post.sha256[:16]}")

    def check(self) -> str:
        return f"{self._name} by Apprise, which cannot say whose it is: nothing was asked"


def _meaning(exchanges: "list[Exchange]", words: str) -> PublisherError:
    """Return what a failed call means; nothing but a single refused request proves anything."""
    if len(exchanges) != 1 or exchanges[0].method not in {"POST", "PUT"}:
        return OutcomeUnknown(words)
    (only,) = exchanges
    if not only.reached:
        return Transient(f"{words} (nobody was reached)")
    if only.status in {UNAUTHORIZED, FORBIDDEN, NOT_FOUND, GONE}:
        return NotAuthorized(f"{words}: give its address anew with `uasocial accounts add`")
    if only.status == TOO_MANY:
        return Transient(words, _wait(only.retry_after))
    if 400 <= only.status < 500 and only.status not in UNSURE:  # noqa: PLR2004 - refused by HTTP
        return Rejected(words)
    return OutcomeUnknown(words)


def _wait(said: str) -> timedelta | None:
    """Return how long to wait: https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3."""
    try:
        if re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,6})?", said):
            return timedelta(seconds=float(said))
        return max(parsedate_to_datetime(said) - datetime.now(UTC), timedelta(0))
    except (TypeError, ValueError):
        return None
