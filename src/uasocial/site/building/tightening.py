"""Whether the site in place tells what is not to be told any more: then that must not wait."""

import html
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from uasocial import rules
from uasocial.errors import UasocialError
from uasocial.site import paths
from uasocial.site.building.manifest import KnownCase
from uasocial.site.building.previous import Previous
from uasocial.site.cards import Card
from uasocial.site.looking import SILENT

if TYPE_CHECKING:
    from uasocial.site.contents import Site

__all__ = ["tells_too_much"]

_TAG = re.compile("<[^>]*>")


def tells_too_much(
    site: "Site", previous: Previous, everyone: Sequence[Card], made: Mapping[str, KnownCase]
) -> bool:
    """Tell whether *previous* hands out, or says, what it must not any more.

    *made* are the cases of *everyone* that could be made.
    """
    now = {card.id: card for card in everyone}
    return any(
        _has_ended(known, now.get(name))
        or _has_less(known, made.get(name))
        or _says_too_much(site, previous, known)
        for name, known in previous.manifest.cases.items()
        if known.card.state not in SILENT
    )


def _has_ended(known: KnownCase, card: Card | None) -> bool:
    """Tell whether a case is not what it was, unless it is open again."""
    return card is None or card.state not in {known.card.state, "open"}


def _has_less(known: KnownCase, made: KnownCase | None) -> bool:
    """Tell whether a case had a picture, say, that it is not to have now."""
    return made is not None and not set(known.files) <= set(made.files)


def _says_too_much(site: "Site", previous: Previous, known: KnownCase) -> bool:
    """Tell whether a page of a case holds a name or a word that is not to be said now."""
    try:
        action = site.kit.action(known.card.id)
    except UasocialError:
        return True
    days = rules.Days(site.kit.today(action), site.kit.actual.date())
    pages = (paths.page(known.card.id, tag) for tag in known.card.words)
    return any(
        rules.unsayable(action, _read(previous, page), days)
        for page in pages
        if page in previous.manifest.files
    )


def _read(previous: Previous, page: str) -> str:
    """Return what a page says, without its marks."""
    try:
        text = (previous.folder / page).read_text("utf-8", errors="replace")
    except OSError:
        return ""
    return html.unescape(_TAG.sub(" ", text))
