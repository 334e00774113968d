"""Where each publisher is tried: a network of one account, and what is to be known of it."""

from collections.abc import Callable
from typing import NamedTuple

from tests.testing.test_containers import Containers
from tests.testing.test_contract import Small

from uasocial.platforms.publisher import Promise, PublisherKind
from uasocial.testing.container_publisher import CONTAINERS
from uasocial.testing.contract import Network
from uasocial.testing.publisher import FAKE
from uasocial_apprise import APPRISE
from uasocial_apprise.testing import RoomNetwork
from uasocial_bluesky import BLUESKY
from uasocial_bluesky.testing import Pds
from uasocial_bluesky.testing.network import BlueskyNetwork
from uasocial_mastodon import MASTODON, PIXELFED
from uasocial_mastodon.testing import GOTOSOCIAL, MastodonUnderTest, Rules
from uasocial_mastodon.testing import PIXELFED as PIXELFED_RULES
from uasocial_nostr import register_publishers as nostr_kinds
from uasocial_nostr.testing import NostrNetwork, RelayProcess
from uasocial_telegram import register_publishers as telegram_kinds
from uasocial_telegram.testing import TelegramNetwork
from uasocial_x import OAUTH1, OAUTH2
from uasocial_x.testing import XNetwork, XOAuth2Network


def in_their_order(network: Network) -> dict[str, float]:
    """Return the place of each text among all of its account."""
    return {post.text: place for place, post in enumerate(network.seen())}


class Place(NamedTuple):
    """A *kind* of account; *network* makes a new one, with that account and no other.

    *at* is where a worker finds the kind, where not in its package. *moments* tells of each live
    text when it came, or, if *bears*, which moment it bears: that at which it was made ready.
    *shows_alts* and *tells_ids* are false of a network that has none to show.
    """

    kind: PublisherKind
    promise: Promise
    network: Callable[[], Network]
    at: str = ""
    platform: str = ""
    moments: Callable[[Network], dict[str, float]] = in_their_order
    bears: bool = False
    needs_picture: bool = False
    shows_alts: bool = True
    tells_ids: bool = True
    public: tuple[str, ...] = ()


def apprise() -> list[Place]:
    return [Place(APPRISE, "neither", RoomNetwork, platform="discord", tells_ids=False)]


def bluesky(pds: Pds) -> list[Place]:
    neighbour = pds.join()
    return [Place(BLUESKY, "key", lambda: BlueskyNetwork(pds, neighbour), bears=True)]


def containers() -> list[Place]:
    def ready() -> Network:
        network = Containers()
        # Else a picture is asked for again only after a minute.
        network.fake.polls = 0
        return network

    at = "uasocial.testing.container_publisher:CONTAINERS"
    return [Place(CONTAINERS, "look-up", ready, at)]


def fake(promises: tuple[Promise, ...] = ("key", "look-up", "neither")) -> list[Place]:
    at = "uasocial.testing.publisher:FAKE"
    return [Place(FAKE, one, lambda one=one: Small(one), at) for one in promises]


def mastodon() -> list[Place]:
    """Mastodon as it should be and as it is, and what else speaks its language."""
    busy = Rules(keys="broken", slow=1)
    return [
        Place(MASTODON, "look-up", MastodonUnderTest),
        Place(MASTODON, "look-up", lambda: MastodonUnderTest(busy)),
        Place(MASTODON, "look-up", lambda: MastodonUnderTest(GOTOSOCIAL)),
        Place(PIXELFED, "look-up", lambda: MastodonUnderTest(PIXELFED_RULES), needs_picture=True),
    ]


def nostr(relay: RelayProcess) -> list[Place]:
    def moments(network: NostrNetwork) -> dict[str, float]:
        """In whole seconds: no relay tells in which order events came."""
        return {event["content"]: event["created_at"] for event in network.events()}

    return [Place(*nostr_kinds(), "key", lambda: NostrNetwork(relay), moments=moments, bears=True)]


def telegram() -> list[Place]:
    return [Place(*telegram_kinds(), "neither", TelegramNetwork, shows_alts=False)]


def x() -> list[Place]:
    # These of what an account keeps are no secrets.
    public = ("at", "duplicate", "ends", "user_id")
    return [
        Place(OAUTH1, "look-up", XNetwork),
        Place(OAUTH2, "look-up", XOAuth2Network, public=public),
    ]
