"""Notices sent to the people on duty."""

import logging

from uasocial.errors import UasocialError
from uasocial_apprise.services import make, said, sender
from uasocial_apprise.words import Words

__all__ = ["send"]

_log = logging.getLogger(__name__)


def send(words: Words, urls: str) -> None:
    """Send a notice to each address; raise UasocialError where none has taken it.

    Where only some fail they are logged: to send again would reach the others once more.
    """
    from apprise.utils.parse import parse_urls  # noqa: PLC0415

    addresses: list[str] = parse_urls(urls)  # type: ignore[no-untyped-call]
    faults = [fault for url in addresses if (fault := _sent(words, url))]
    if len(faults) == len(addresses):
        raise UasocialError("; ".join(faults) or "the secret `urls` names no address")
    for fault in faults:
        _log.warning("a notice was lost: %s", fault)


def _sent(words: Words, url: str) -> str:
    """Send a notice to one address; return what went wrong, or ``""``."""
    from apprise import NotifyFormat  # noqa: PLC0415

    service = make(url)
    if service is None:
        return "Apprise cannot use one of the addresses for notices"
    result = sender(service).notify(words.body, words.title, body_format=NotifyFormat.TEXT)
    return "" if result else f"{service.service_name}: {said(result, url)}"
