"""The key of a post's record: always the same for one delivery, and never that of another."""

import hashlib
from datetime import UTC, datetime, timedelta

__all__ = ["rkey_of"]

# https://atproto.com/specs/tid: 53 bits of microseconds, 10 bits of a clock, 13 characters.
_ALPHABET = "234567abcdefghijklmnopqrstuvwxyz"
_LENGTH = 13
_CLOCKS = 1024
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# A plan makes its posts within one moment: the key spreads them over the hour before.
_HOUR = timedelta(hours=1) // timedelta(microseconds=1)


def rkey_of(key: str, created_at: datetime) -> str:
    """Return the TID for an idempotency key of a post that was made at that moment."""
    spread = int.from_bytes(hashlib.sha256(key.encode()).digest()[:8])
    back, clock = divmod(spread, _CLOCKS)
    moment = (created_at - _EPOCH) // timedelta(microseconds=1) - back % _HOUR
    return _in_base32(moment * _CLOCKS + clock)


def _in_base32(number: int) -> str:
    digits = []
    for _ in range(_LENGTH):
        number, digit = divmod(number, len(_ALPHABET))
        digits.append(_ALPHABET[digit])
    return "".join(reversed(digits))
