"""A fake of Mastodon that keeps what it is told, for tests without any key.

It also behaves as GoToSocial and Pixelfed do, where they differ and a publisher could notice.
"""

from uasocial_mastodon.testing.fake import FakeMastodon
from uasocial_mastodon.testing.network import MastodonUnderTest
from uasocial_mastodon.testing.rules import GOTOSOCIAL, MASTODON, PIXELFED, Rules

__all__ = ["GOTOSOCIAL", "MASTODON", "PIXELFED", "FakeMastodon", "MastodonUnderTest", "Rules"]
