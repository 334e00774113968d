"""A service of Apprise, set so that it sends a text as it is: once, whole, with nothing beside."""

import logging
import warnings
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING
from urllib.parse import unquote

from uasocial.errors import printable
from uasocial.platforms.discreet import without

if TYPE_CHECKING:
    from apprise import Apprise, AppriseAsset
    from apprise.plugins import NotifyBase
    from apprise.result import AppriseResult

__all__ = ["make", "said", "sender", "shown"]

# In seconds. The whole of a call ends before a worker's turn does; a part of it before that.
CONNECT, READ, WHOLE = 5.0, 20.0, 25.0
MAX_ERROR = 300
# Of an address: what is shorter is a word such as `https`, and no token.
SHORTEST = 6


def make(url: str) -> "NotifyBase | None":
    """Return the service at an address; None where Apprise knows none, or cannot use it here."""
    with _loading():
        from apprise import Apprise, OverflowMode  # noqa: PLC0415

        service = Apprise.instantiate(url, asset=_asset())
    if service is None:
        return None
    # An address may ask for all of these: to cut, to repeat, to call a failure a success.
    service.overflow_mode = OverflowMode.UPSTREAM
    service.optional = False
    service.retry = 0
    service.request_rate_per_sec = 0.0
    service.socket_connect_timeout, service.socket_read_timeout = CONNECT, READ
    return service


_lock = Lock()


@contextmanager
def _loading() -> Iterator[None]:
    """Keep to ourselves that modules of Apprise import what Python is about to drop.

    It loads them all with the first address.
    """
    with _lock, warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        # On its finer levels it logs addresses as they are, with the token.
        logging.getLogger("apprise").isEnabledFor = _is_coarse  # type: ignore[method-assign]
        # It logs the path of each request, which is the token of many services. Its level would not
        # do: whoever debugs a program sets that.
        vars(logging.getLogger("urllib3.connectionpool")).update(debug=lambda *_, **__: None)
        yield


def _is_coarse(level: int) -> bool:
    return level >= logging.WARNING


def _asset() -> "AppriseAsset":
    from apprise import AppriseAsset  # noqa: PLC0415

    return AppriseAsset(
        app_id="uasocial",
        app_desc="uasocial",
        app_url="",
        # No picture of another's beside our words.
        image_url_mask="",
        image_url_logo="",
        # A text that holds `\\n` or `:smile:` means that.
        interpret_escapes=False,
        interpret_emojis=False,
        default_service_retry=0,
        http_redirects=False,
        pgp_autogen=False,
        pem_autogen=False,
        storage_mode="memory",
        service_timeout=WHOLE,
        # Its words stand in our errors.
        language="en",
    )


def sender(service: "NotifyBase") -> "Apprise":
    """Return what sends by one service alone."""
    from apprise import Apprise  # noqa: PLC0415

    found = Apprise(asset=service.asset)
    found.add(service)
    return found


def shown(service: "NotifyBase", text: str) -> str:
    """Return *text* as Apprise will put it for a service: escaped, where that reads markup."""
    from apprise import NotifyFormat  # noqa: PLC0415
    from apprise.conversion import convert_between  # noqa: PLC0415

    form = service.resolve_format(NotifyFormat.TEXT)
    converted = convert_between(NotifyFormat.TEXT, form, text)  # type: ignore[no-untyped-call]
    return str(service.dialect_convert(converted, form))


def said(result: "AppriseResult", url: str) -> str:
    """Return what Apprise has logged of a call, without a piece of the address."""
    lines = dict.fromkeys(entry.message for entry in result.logs())
    text = without(" ".join(" ".join(lines).split()), _pieces(url))
    return printable(text[:MAX_ERROR]).rstrip(" .") or "it says no more"


def _pieces(url: str) -> Collection[str]:
    """Return the pieces of an address of which any may be a token."""
    for mark in "/@:?&=,;":
        url = url.replace(mark, " ")
    pieces = [piece for piece in url.split() if len(piece) >= SHORTEST]
    return {*pieces, *map(unquote, pieces)}
