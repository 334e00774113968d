"""The kinds of publishers of a run: ours and those of plugins, all through the same hook."""

import re
from collections.abc import Collection
from typing import Any

from uasocial.errors import nearest, printable
from uasocial.platforms.publisher import PublisherKind
from uasocial.plugins import PluginHost

__all__ = ["ABILITIES", "collect_publishers"]

# What a kind says of its network, in the order in which it is shown.
ABILITIES = ("can_delete", "can_edit", "can_resolve", "can_thread")

_NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}")
# What an account says of itself, in uasocial.toml and in names of environment variables.
_FIELD = re.compile(r"[a-z][a-z0-9_]{0,39}")


def collect_publishers(host: PluginHost, platforms: Collection[str]) -> dict[str, PublisherKind]:
    """Return the kinds by name, ours first; a plugin that clashes is put out, whole."""
    found: dict[str, PublisherKind] = {}
    for plugin, registered in host.each("register_publishers"):
        fault = _fault(registered, found, platforms)
        if fault:
            host.fail(plugin, fault)
        else:
            found |= {kind.name: kind for kind in registered}
    return found


def _fault(registered: list[Any], found: Collection[str], platforms: Collection[str]) -> str:
    names = [getattr(kind, "name", None) for kind in registered]
    for kind, name in zip(registered, names, strict=True):
        if type(kind) is not PublisherKind:
            return f"register_publishers gave {type(kind).__name__!r}, which is no PublisherKind"
        fault = _fault_of(kind, platforms)
        if fault:
            return printable(f"the publisher {name!r} {fault}")
        if name in found or names.count(name) > 1:
            return f"the publisher {name!r} is there already: give it another name"
    return ""


def _fault_of(kind: Any, platforms: Collection[str]) -> str:
    """Say what is wrong with what a plugin put into a kind, or return ``""``."""
    if not _NAME.fullmatch(f"{kind.name}"):
        return "must have a name of small letters, digits, _ and -"
    if kind.platform and kind.platform not in platforms:
        hint = nearest(f"{kind.platform}", platforms)
        return f"is for the platform {kind.platform!r}, and there is none{hint}"
    if not callable(kind.open):
        return "has no function that opens an account"
    return _fault_of_names(kind) or _fault_of_abilities(kind)


def _fault_of_names(kind: Any) -> str:
    fields = (kind.settings, kind.optional, kind.secrets)
    if not all(isinstance(names, tuple) and _are_names(names) for names in fields):
        return "must name its settings and secrets in small letters, digits and _"
    names = [name for field in fields for name in field]
    twice = next((name for name in names if names.count(name) > 1), "")
    return f"names {twice!r} twice, among its settings and secrets" if twice else ""


def _fault_of_abilities(kind: Any) -> str:
    unsaid = [name for name in ABILITIES if not isinstance(getattr(kind, name), bool)]
    if unsaid:
        return f"does not say whether it {unsaid[0].replace('_', ' ')}: True or False"
    if kind.media is not None and (type(kind.media) is not int or kind.media < 0):
        return "must say how many pictures it takes, as a number, or None"
    for name in ("authorize", "price"):
        if not (getattr(kind, name) is None or callable(getattr(kind, name))):
            return f"has {name} that is no function"
    return ""


def _are_names(names: tuple[Any, ...]) -> bool:
    return all(isinstance(name, str) and _FIELD.fullmatch(name) for name in names)
