"""An account on Nostr: a key, and the relays that its posts go to.

Source: github.com/nostr-protocol/nips, NIP-01, 09, 10, 11, 19, 24, 32, 36 and 42.
"""

import ipaddress
import re
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any, ClassVar, TypeVar
from urllib.parse import urlsplit

from uasocial.errors import SettingsError
from uasocial.model.post import Post, Receipt
from uasocial.platforms.publisher import (
    NotAuthorized,
    OutcomeUnknown,
    Prepared,
    Promise,
    Publisher,
    PublisherError,
    Rejected,
    Secrets,
    ServerLimits,
    Transient,
)
from uasocial.text.bluesky import facets
from uasocial_nostr.relay import Relay, Said, Unreached, quoted
from uasocial_nostr.signing import AUTH, DELETION, NOTE, Event, Signer

__all__ = ["Nostr"]

SECONDS = 12
# Of what relays say together no more is shown.
SHOWN = 300
MOST_RELAYS = 20
# NIP-01 and NIP-42: what a relay's refusal begins with.
OF_THE_ACCOUNT = ("auth-required:", "blocked:", "mute:", "restricted:")
FOR_NOW = ("rate-limited:", "error:")
# A relay does not say for how long.
RATE_LIMITED = timedelta(minutes=1)
# NIP-11, max_message_length: what is of an event beside its text (ids, signature, tags), and the
# most bytes that a character becomes.
AROUND, MOST_BYTES = 2_000, 4
# In seconds.
KEPT = 3600
# A web address for people: a reader of Nostr shows the event there.
PAGE = "https://njump.me/"

# NIP-01: 32 bytes, in small hexadecimal letters.
_ID = re.compile(r"[0-9a-f]{64}")

Got = TypeVar("Got")


class Nostr(Publisher):
    """One key; an event has the same id each time, so that a relay takes it once."""

    promise: ClassVar[Promise] = "key"

    def __init__(self, settings: Mapping[str, str], secrets: Secrets) -> None:
        self._signer = Signer(secrets["nsec"])
        urls = _relays(settings["relays"])
        self._relays = [Relay(url, SECONDS, self._introduction) for url in urls]

    def prepare(self, given: Prepared, media: Callable[[str], bytes]) -> Mapping[str, Any]:
        """Fix the moment that the event bears, and with it its id.

        What was put off for long gets another: readers show an event at the moment that it bears.
        """
        del media
        if given.post.media:
            raise Rejected("an event on Nostr holds no pictures: leave them out")
        ready, now = dict(given.data), int(time.time())
        if now - ready.get("created_at", 0) > KEPT:
            ready["created_at"] = now
        if given.answers is not None and "root" not in ready:
            ready["root"] = self._root(given.answers)
        event = self._event(given._replace(data=ready))
        return {**ready, "id": event["id"]}

    def create(self, prepared: Prepared) -> Receipt:
        event = self._event(prepared)
        said = self._each(lambda relay: relay.publish(event))
        if not any(one.outcome == "taken" for one in said):
            raise _refusal(said)
        return self._receipt(event["id"])

    def find(self, prepared: Prepared, since: datetime) -> Receipt | None:
        del since
        event_id = self._event(prepared)["id"]
        found = self._found(event_id)
        return self._receipt(event_id) if found else None

    def delete(self, receipt: Receipt) -> None:
        """Ask every relay to delete; what was copied elsewhere stays where it is."""
        _assert_id(receipt, "delete it by hand")
        tags = [["e", receipt.remote_id], ["k", f"{NOTE}"]]
        event = self._signer.signed(DELETION, "", tags, int(time.time()))
        said = self._each(lambda relay: relay.publish(event))
        left = [one for one in said if one.outcome != "taken"]
        if left:
            raise _refusal(left, Transient)

    def limits(self) -> ServerLimits:
        """Return what the strictest relay says of itself."""
        told, unreached = self._asked(Relay.information)
        if not told:
            raise Transient(unreached[0])
        lengths = {relay.name: _length(said) for relay, said in told}
        known = {name: length for name, length in lengths.items() if length}
        name = min(known or lengths, key=lambda one: known.get(one, 0))
        software = {relay.name: quoted(said.get("software", "")) for relay, said in told}[name]
        return ServerLimits(server=name, software=software, length=known.get(name), media=0)

    def check(self) -> str:
        reached, unreached = self._asked(Relay.reach)
        if not reached:
            raise Transient("; ".join(unreached)[:SHOWN])
        names = ", ".join(relay.name for relay, _ in reached)
        return "; ".join([f"{self._signer.npub} on {names}", *unreached])

    def _event(self, prepared: Prepared) -> Event:
        post, data = prepared.post, prepared.data
        tags = _tags(post)
        if prepared.answers is not None:
            hint = self._relays[0].url
            tags += _thread(data["root"], prepared.answers.remote_id, hint)
            # NIP-10: whose post is answered; it is our own.
            tags.append(["p", self._signer.pubkey])
        return self._signer.signed(NOTE, post.text, tags, data["created_at"])

    def _root(self, answers: Receipt) -> str:
        """Return the id of a thread's first post, as the post before this one says."""
        _assert_id(answers, "answer it by hand")
        before = self._found(answers.remote_id)
        if before is None:
            raise Rejected(f"the post before it, {quoted(answers.remote_id)}, is on no relay")
        roots = [tag[1] for tag in before.get("tags", ()) if tag[:1] == ["e"] and "root" in tag[3:]]
        return f"{roots[0]}" if roots else answers.remote_id

    def _found(self, event_id: str) -> Event | None:
        """Look an event up; None only where every relay says that it has none."""
        told, unreached = self._asked(lambda relay: relay.fetch(event_id))
        shown = [(relay, event) for relay, event in told if event is not None]
        for _, event in shown:
            if self._signer.has_signed(event):
                return event
        odd = [f"{relay.name} shows an event that we have not signed" for relay, _ in shown]
        if unreached or odd:
            raise Transient([*unreached, *odd][0])
        return None

    def _receipt(self, event_id: str) -> Receipt:
        link = self._signer.link(event_id, [relay.url for relay in self._relays[:2]])
        return Receipt(event_id, f"{PAGE}{link}")

    def _introduction(self, relay: str, challenge: str) -> Event:
        tags = [["relay", relay], ["challenge", challenge]]
        return self._signer.signed(AUTH, "", tags, int(time.time()))

    def _each(self, ask: Callable[[Relay], Got]) -> list[Got]:
        """Ask all relays at once."""
        with ThreadPoolExecutor(len(self._relays)) as pool:
            return list(pool.map(ask, self._relays))

    def _asked(self, ask: Callable[[Relay], Got]) -> tuple[list[tuple[Relay, Got]], list[str]]:
        """Return what each relay answers, and of the others why they do not."""

        def safely(relay: Relay) -> tuple[Relay, Got] | str:
            try:
                return relay, ask(relay)
            except Unreached as error:
                return f"{error}"

        said = self._each(safely)
        told = [one for one in said if not isinstance(one, str)]
        return told, [one for one in said if isinstance(one, str)]


def _assert_id(receipt: Receipt, instead: str) -> None:
    """Raise Rejected where a person has found a post, and only its address is known."""
    if not _ID.fullmatch(receipt.remote_id):
        shown = quoted(receipt.permalink or receipt.remote_id)
        raise Rejected(f"{shown}: only its address is known: {instead}")


def _relays(stated: str) -> list[str]:
    """Return the addresses of relays, each once; raise SettingsError."""
    urls = list(dict.fromkeys(stated.split()))
    if not 0 < len(urls) <= MOST_RELAYS:
        raise SettingsError(f"relays: name 1 to {MOST_RELAYS} addresses, with a space between them")
    for url in urls:
        if not _is_safe(url):
            raise SettingsError(
                f"relays: {quoted(url)!r}: write wss:// and a host, or ws:// and an address of "
                "this machine"
            )
    return urls


def _is_safe(url: str) -> bool:
    try:
        address = urlsplit(url)
        _ = address.port
    except ValueError:
        return False
    if not address.hostname or address.username or address.fragment or not url.isascii():
        return False
    return address.scheme == "wss" or (address.scheme == "ws" and _is_here(address.hostname))


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _tags(post: Post) -> list[list[str]]:
    tags = [["t", tag] for tag in _hashtags(post.text)]
    language = post.language.partition("-")[0]
    if len(language) == 2:  # noqa: PLR2004 - ISO 639-1 has no others
        # NIP-32, self-reporting.
        tags += [["L", "ISO-639-1"], ["l", language, "ISO-639-1"]]
    if post.content_warning:
        # NIP-36
        tags.append(["content-warning", post.content_warning])
    return tags


def _hashtags(text: str) -> Iterable[str]:
    """Return the hashtags of a text, each once; NIP-24: in small letters."""
    found = (facet.value for facet in facets(text) if facet.kind == "tag")
    return dict.fromkeys(tag.lower() for tag in found if not tag.startswith("$"))


def _thread(root: str, before: str, hint: str) -> list[list[str]]:
    """Return the tags of an answer; NIP-10: one to the first post has only `root`."""
    tags = [["e", root, hint, "root"]]
    return tags if before == root else [*tags, ["e", before, hint, "reply"]]


def _length(information: Mapping[str, Any]) -> int | None:
    """Return how many characters a relay takes, as its document says; NIP-11, limitation."""
    stated = information.get("limitation")
    stated = stated if isinstance(stated, dict) else {}
    content, whole = (_number(stated.get(f"max_{of}_length")) for of in ("content", "message"))
    lengths = [content] if content else []
    if whole:
        lengths.append(max(1, (whole - AROUND) // MOST_BYTES))
    return min(lengths, default=None)


def _number(said: object) -> int:
    return said if isinstance(said, int) and said > 0 else 0


def _refusal(said: list[Said], silent: type[PublisherError] = OutcomeUnknown) -> PublisherError:
    """Return the error for an event that no relay has surely taken.

    One that may have taken it decides; then one that may take it later; then one that minds the
    account; a post is wrong if all that answer say so.
    """
    whys = "; ".join(one.why if one.relay in one.why else f"{one.relay}: {one.why}" for one in said)
    whys = whys[:SHOWN]
    if any(one.outcome == "silent" for one in said):
        return silent(whys)
    refused = [one.why for one in said if one.outcome == "refused"]
    if any(why.startswith("rate-limited:") for why in refused):
        return Transient(whys, RATE_LIMITED)
    if len(refused) < len(said) or any(why.startswith(FOR_NOW) for why in refused):
        return Transient(whys)
    if any(why.startswith(OF_THE_ACCOUNT) for why in refused):
        return NotAuthorized(f"the relays do not take posts of this account: {whys}")
    return Rejected(whys)
