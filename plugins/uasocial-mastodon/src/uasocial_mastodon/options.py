"""What the settings of an account say, as the publisher needs it."""

from collections.abc import Mapping
from ipaddress import ip_address
from typing import NamedTuple
from urllib.parse import urlsplit

from uasocial.errors import SettingsError, printable

__all__ = ["Options", "options_of"]

# https://docs.joinmastodon.org/methods/statuses/#create, `visibility`.
VISIBILITIES = ("public", "unlisted", "private", "direct")
YES_OR_NO = {"yes": True, "true": True, "no": False, "false": False}


class Options(NamedTuple):
    """Settings of an account; *visibility* and *sensitive* are None for what the account prefers.

    *base* is the address that every call begins with, *host* how the server is named in errors.
    """

    host: str
    base: str
    visibility: str | None = None
    sensitive: bool | None = None


def options_of(settings: Mapping[str, str]) -> Options:
    """Return the options of an account; raise SettingsError for what none can be."""
    host, base = _server(settings["instance"])
    return Options(host, base, _visibility(settings), _sensitive(settings))


def _server(instance: str) -> tuple[str, str]:
    place = urlsplit(instance if "://" in instance else f"https://{instance}")
    try:
        port = place.port
    except ValueError:
        port = -1
    extra = place.username or place.path.strip("/") or place.query or place.fragment
    name = _name(place.hostname or "")
    if not name or extra or port == -1 or not _may_be_asked(place.scheme, name):
        raise SettingsError(
            printable(
                f"instance {instance[:100]!r} is no server: give its name, such as mastodon.example"
            )
        )
    shown = f"[{name}]" if ":" in name else name
    host = shown if port is None else f"{shown}:{port}"
    return host, f"{place.scheme}://{host}"


def _name(hostname: str) -> str:
    """Return a server's name as it stands in an address that is asked; ``""`` for none."""
    try:
        return hostname.encode("idna").decode()
    except UnicodeError:
        return ""


def _may_be_asked(scheme: str, host: str) -> bool:
    """Tell whether a token may go there: in the clear to this machine only, where tests run."""
    return scheme == "https" or (scheme == "http" and _is_here(host))


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _visibility(settings: Mapping[str, str]) -> str | None:
    visibility = settings.get("visibility")
    if visibility not in (None, *VISIBILITIES):
        known = ", ".join(VISIBILITIES)
        raise SettingsError(printable(f"visibility {visibility[:100]!r} is none: one of {known}"))
    return visibility


def _sensitive(settings: Mapping[str, str]) -> bool | None:
    said = settings.get("sensitive")
    if said is None:
        return None
    if said.lower() not in YES_OR_NO:
        raise SettingsError(printable(f"sensitive {said[:100]!r} is neither yes nor no"))
    return YES_OR_NO[said.lower()]
