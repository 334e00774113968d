"""A key, and the events that it signs (NIP-01, NIP-19)."""

import json
from collections.abc import Sequence
from typing import Any

from uasocial.platforms.publisher import NotAuthorized

__all__ = ["AUTH", "DELETION", "NOTE", "Event", "Signer", "new_key"]

# NIP-01, NIP-09, NIP-42
NOTE, DELETION, AUTH = 1, 5, 22242

# As it goes over the wire: id, pubkey, created_at, kind, tags, content, sig.
Event = dict[str, Any]


class Signer:
    """Signs with one key; *npub* is the account's name, *pubkey* the same in hexadecimal."""

    def __init__(self, nsec: str) -> None:
        self._sdk = _sdk()
        try:
            self._keys = self._sdk.Keys.parse(nsec)
        except self._sdk.NostrSdkError:
            raise NotAuthorized(
                "the nsec is none: it begins with nsec1 and has 63 letters"
            ) from None
        self.npub = self._keys.public_key().to_bech32()
        self.pubkey = self._keys.public_key().to_hex()

    def signed(
        self, kind: int, content: str, tags: Sequence[Sequence[str]], created_at: int
    ) -> Event:
        """Return an event: its id follows from all that is given, and only `sig` differs."""
        sdk = self._sdk
        builder = sdk.EventBuilder(sdk.Kind(kind), content)
        builder = builder.tags([sdk.Tag.parse(list(tag)) for tag in tags])
        builder = builder.custom_created_at(sdk.Timestamp.from_secs(created_at))
        event: Event = json.loads(builder.finalize(self._keys).as_json())
        return event

    def has_signed(self, event: Event) -> bool:
        """Tell whether an event is ours and as it was signed: a relay may show anything."""
        try:
            shown = self._sdk.Event.from_json(json.dumps(event))
        except self._sdk.NostrSdkError:
            return False
        return bool(shown.verify()) and shown.author().to_hex() == self.pubkey

    def link(self, event_id: str, relays: Sequence[str]) -> str:
        """Return an event as a `nevent1…` that says where it is."""
        sdk = self._sdk
        event, author = sdk.EventId.parse(event_id), self._keys.public_key()
        hints = [sdk.RelayUrl.parse(relay) for relay in relays]
        return f"{sdk.Nip19Event(event, author, sdk.Kind(NOTE), hints).to_bech32()}"


def new_key() -> str:
    """Make a key."""
    return f"{_sdk().Keys.generate().secret_key().to_bech32()}"


def _sdk() -> Any:
    import nostr_sdk  # type: ignore[import-untyped]  # noqa: PLC0415 - only who publishes

    return nostr_sdk
