"""A receipt as a publisher gives it, made such that the ledger can keep it."""

from uasocial.errors import printable
from uasocial.model.post import Receipt

__all__ = ["kept_receipt"]

# Longer than any id or address of a post; it may be what a server made up.
LONGEST_ID, LONGEST_ADDRESS = 2000, 200_000


def kept_receipt(given: object) -> Receipt:
    """Return a receipt with an id that can be kept; raise TypeError for what is none.

    An address that cannot be kept is left out: the post is live all the same.
    """
    if not isinstance(given, Receipt):
        raise TypeError(f"the publisher gave no receipt but {type(given).__name__}")
    if not _is_plain(given.remote_id, LONGEST_ID):
        said = printable(f"{given.remote_id!r}"[:100])
        raise TypeError(f"the publisher gave {said}, which is no id of a post")
    known = _is_plain(given.permalink, LONGEST_ADDRESS)
    return Receipt(given.remote_id, given.permalink if known else "")


def _is_plain(said: object, longest: int) -> bool:
    return isinstance(said, str) and 0 < len(said) <= longest and said.isprintable()
