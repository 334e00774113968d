"""The counting rules by name: how long a text is, as each platform counts."""

from collections.abc import Callable
from typing import Any

from uasocial.model import Measure
from uasocial.platforms.limits import Limits

__all__ = ["RULES", "measure"]

# Given a text, the limits, and the content warning before it.
Count = Callable[[str, Limits, str], Measure]

# Each rule imports its counter when it is first asked: to count for X needs no table of graphemes.


def _x(text: str, limits: Limits, _: str) -> Measure:
    from uasocial.text import x

    length = x.weighted_length(text)
    fits = length > 0 and _within(length, limits) and not x.holds_refused(text)
    return Measure(length, limits.length, fits, {})


def _mastodon(text: str, limits: Limits, warning: str) -> Measure:
    from uasocial.text import mastodon

    length = mastodon.length(text, warning, url_length=limits.url_length)
    return Measure(length, limits.length, _within(length, limits), {})


def _bluesky(text: str, limits: Limits, _: str) -> Measure:
    from uasocial.text import units

    length, size = units.graphemes(text), units.utf8_bytes(text)
    fits = _within(length, limits) and (limits.bytes is None or size <= limits.bytes)
    return Measure(length, limits.length, fits, {"bytes": size})


def _sms(text: str, limits: Limits, _: str) -> Measure:
    from uasocial.text import sms

    found = sms.segments(text)
    # One message: the limit in the alphabet that this text needs.
    details: dict[str, Any] = {"encoding": found.encoding, "segments": found.segments}
    limit = None if limits.length is None else found.limit
    return Measure(found.units, limit, limit is None or found.units <= limit, details)


def _unit(name: str) -> Count:
    def count(text: str, limits: Limits, warning: str) -> Measure:
        from uasocial.text import units

        length = getattr(units, name)(text)
        fits = _within(length, limits) and _within_own(warning, limits)
        return Measure(length, limits.length, fits, {})

    return count


def _within(length: int, limits: Limits) -> bool:
    return limits.length is None or length <= limits.length


def _within_own(warning: str, limits: Limits) -> bool:
    """Tell whether a content warning fits that does not count with the text."""
    return limits.warning is None or len(warning) <= limits.warning


RULES: dict[str, Count] = {
    "x": _x,
    "mastodon": _mastodon,
    "bluesky": _bluesky,
    "sms": _sms,
    "graphemes": _unit("graphemes"),
    "code-points": _unit("code_points"),
    "utf-16": _unit("utf16_units"),
    "utf-8": _unit("utf8_bytes"),
}


def measure(text: str, limits: Limits, warning: str = "") -> Measure:
    """Measure *text* by the rule that *limits* name, with the content *warning* before it; total.

    A rule of a platform that has no place for a content warning passes it over.
    """
    return RULES[limits.rule](text, limits, warning)
