"""What every page of the site is given besides its own: links, languages, settings."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from uasocial import languages
from uasocial.day_ends import midnight_after
from uasocial.site import headers, paths
from uasocial.site.interface import Interface

if TYPE_CHECKING:
    from uasocial.site.assets import Assets
    from uasocial.toolkit import Toolkit

__all__ = ["Frame", "Tongue", "milliseconds"]


class Tongue(NamedTuple):
    """A language in which a page is there too, under its own name."""

    tag: str
    path: str
    is_here: bool

    @property
    def name(self) -> str:
        name = languages.language_name(self.tag, self.tag)
        # In a list it stands on its own, and not in a sentence.
        return name[:1].upper() + name[1:]


class Frame:
    """Frames the pages of one site; *base* is its address with a slash at its end, or empty."""

    def __init__(self, kit: "Toolkit", assets: "Assets", base: str) -> None:
        self._kit = kit
        self._assets = assets
        self.base = base
        self.settings = kit.project.settings.site

    @property
    def name(self) -> str:
        """The site's name: what the section calls it, else the organisation, else what it is."""
        return self.settings.name or self._kit.project.settings.organisation or "Urgent Actions"

    @property
    def today(self) -> date:
        return self._kit.now.date()

    @property
    def fresh_until(self) -> datetime:
        """The moment from which a page that was made now is too old to be trusted."""
        last = self._kit.actual.date() + timedelta(days=self.settings.fresh_days)
        zone = self._kit.now.tzinfo
        return midnight_after(last, [zone] if zone else [])

    def home(self, interface: Interface) -> str:
        return paths.index(self.index_language(interface))

    def index_language(self, interface: Interface) -> str:
        """Return the language of the index for pages in *interface*."""
        offered = self.settings.languages
        return interface.language if interface.language in offered else offered[0]

    def around(
        self, at: str, interface: Interface, tongues: Sequence[Tongue], *, packed: bool = False
    ) -> dict[str, Any]:
        """Return what `base.html.j2` needs for the page *at*."""
        index = self.index_language(interface)
        return {
            "archive": paths.archive(index),
            "at": at,
            "base": self.base,
            "feed": paths.feed(index, "atom"),
            "fresh_until": milliseconds(self.fresh_until),
            "home": paths.index(index),
            "interface": interface,
            "json_feed": paths.feed(index, "json"),
            "now": milliseconds(self._kit.now),
            "packed": packed,
            "policy": headers.META_CSP,
            "public": partial(paths.public, self.base),
            "rehearsal": self._kit.rehearsal,
            "script": self._assets.script,
            "settings": self.settings,
            "site_icon": self._assets.icon,
            "site_logo": self._assets.logo,
            "site_name": self.name,
            "styles": self._assets.styles,
            "to": partial(paths.link, at),
            "today": self.today,
            "tongues": tongues,
        }


def milliseconds(moment: datetime) -> int:
    """Return a moment as a browser's clock counts."""
    return int(moment.timestamp() * 1000)
