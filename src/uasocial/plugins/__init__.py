"""The hooks of uasocial, and the plugins that are found, isolated and listed."""

from uasocial.plugins.host import Listed, PluginHost
from uasocial.plugins.specs import API_VERSION, Hooks, hookimpl, hookspec

__all__ = ["API_VERSION", "Hooks", "Listed", "PluginHost", "hookimpl", "hookspec"]
