"""A fake of X with state, for tests: nothing of it is used when something is published."""

from uasocial_x.testing.fake import FakeX, Held
from uasocial_x.testing.network import XNetwork, XOAuth2Network

__all__ = ["FakeX", "Held", "XNetwork", "XOAuth2Network"]
