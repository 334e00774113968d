"""The platforms of a run: ours and those of plugins, all through the same hook."""

from typing import Any

from uasocial.platforms.platform import Platform
from uasocial.plugins import PluginHost

__all__ = ["collect"]


def collect(host: PluginHost) -> dict[str, Platform]:
    """Return the platforms by name, ours first; a plugin that clashes is put out, whole."""
    found: dict[str, Platform] = {}
    for plugin, registered in host.each("register_platforms"):
        fault = _fault(registered, found)
        if fault:
            host.fail(plugin, fault)
        else:
            found |= {platform.name: platform for platform in registered}
    return found


def _fault(registered: list[Any], found: dict[str, Platform]) -> str:
    names = [getattr(platform, "name", None) for platform in registered]
    for platform, name in zip(registered, names, strict=True):
        # No subclass: a platform is data, and what it does is asked of it in one place.
        if type(platform) is not Platform:
            return f"register_platforms gave {type(platform).__name__!r}, which is no Platform"
        fault = platform.fault()
        if fault:
            return f"the platform {name!r} {fault}"
        if platform.name in found or names.count(name) > 1:
            return f"the platform {name!r} is there already: give it another name"
    return ""
