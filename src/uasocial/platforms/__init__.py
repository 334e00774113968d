"""Platforms: what each takes, how it counts, and the address of its composer."""

from uasocial.platforms.limits import Instance, Limits
from uasocial.platforms.platform import NoAddress, Platform, share_address

__all__ = ["Instance", "Limits", "NoAddress", "Platform", "share_address"]
