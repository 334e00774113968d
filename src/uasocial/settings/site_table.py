"""The table `[site]`: the pages that supporters share from."""

from collections.abc import Sequence
from math import floor
from typing import Annotated, Literal, get_args

from msgspec import Meta, Struct
from msgspec.structs import force_setattr

from uasocial.model.kinds import Name, PlatformName
from uasocial.settings.addresses import (
    fault_of_address,
    fault_of_contact,
    fault_of_place,
    quoted,
)
from uasocial.settings.colours import contrast, lightened
from uasocial.settings.kinds import Host

__all__ = [
    "DARK",
    "DERIVED_CONTRAST",
    "LEAST_CONTRAST",
    "LIGHT",
    "SITE_LANGUAGES",
    "SiteLanguage",
    "SiteSettings",
]

SiteLanguage = Literal["en", "de", "fr", "es", "it", "ar"]
SITE_LANGUAGES: tuple[SiteLanguage, ...] = get_args(SiteLanguage)

# In the two colour schemes, the grounds on which the colour is hardest to read: `--wash` in
# site/static/site.css. On the others, and beside white, the contrast is better.
LIGHT = "#f3f0e9"
DARK = "#1d262a"
# Of text to its ground: https://www.w3.org/TR/WCAG22/#contrast-minimum (1.4.3).
LEAST_CONTRAST = 4.5
# Of the colour that is made for the dark scheme: with the least there is, it looks dull.
DERIVED_CONTRAST = 6.5
LONGEST_NAME = 120

WebAddress = Annotated[str, Meta(max_length=2000, title="web address")]
Contact = Annotated[str, Meta(max_length=2000, title="web address or e-mail address")]
Colour = Annotated[str, Meta(pattern=r"\A#[0-9A-Fa-f]{6}\Z", title="colour")]


class SiteSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The site that supporters share from: where it stands, what it offers, how it looks.

    *url* is kept without a slash at its end. *servers* are by default the two that Mastodon gGmbH
    runs itself: https://joinmastodon.org/servers.
    """

    url: WebAddress = ""
    name: Name = ""
    languages: Annotated[tuple[SiteLanguage, ...], Meta(min_length=1)] = SITE_LANGUAGES
    platforms: Annotated[tuple[PlatformName, ...], Meta(min_length=1)] = (
        "x",
        "mastodon",
        "bluesky",
        "whatsapp",
        "telegram",
        "facebook",
    )
    servers: tuple[Host, ...] = ("mastodon.social", "mastodon.online")
    fresh_days: Annotated[int, Meta(ge=1, le=90)] = 7
    accent: Colour = "#0b5d57"
    accent_dark: Colour = ""
    contact: Contact = ""
    imprint: WebAddress = ""
    privacy: WebAddress = ""

    def __post_init__(self) -> None:
        _check_once(languages=self.languages, platforms=self.platforms, servers=self.servers)
        _check("name", _fault_of_name(self.name))
        _check("url", fault_of_place(self.url) if self.url else "")
        _check("contact", fault_of_contact(self.contact) if self.contact else "")
        _check("imprint", fault_of_address(self.imprint) if self.imprint else "")
        _check("privacy", fault_of_address(self.privacy) if self.privacy else "")
        _check("accent", _fault_of_contrast(self.accent, LIGHT, "darker"))
        if self.accent_dark:
            _check("accent_dark", _fault_of_contrast(self.accent_dark, DARK, "lighter"))
        force_setattr(self, "url", self.url.rstrip("/"))

    @property
    def accent_on_dark(self) -> str:
        """The section's colour in the dark scheme: as stated, or made from the other."""
        return self.accent_dark or lightened(self.accent, DARK, DERIVED_CONTRAST)


def _check(key: str, fault: str) -> None:
    if fault:
        raise ValueError(f"{key} {fault}")


def _check_once(**lists: Sequence[str]) -> None:
    for key, values in lists.items():
        twice = next((value for value in values if values.count(value) > 1), None)
        _check(key, f"names {quoted(twice)} twice: once is enough" if twice else "")


def _fault_of_name(name: str) -> str:
    if len(name) > LONGEST_NAME:
        return f"has {len(name)} characters: {LONGEST_NAME} is the most"
    return "" if name.strip() == name else "must have no space at its ends"


def _fault_of_contrast(colour: str, ground: str, better: str) -> str:
    """Say that a colour cannot be read on its ground; what is shown is rounded down."""
    has = contrast(colour, ground)
    if has >= LEAST_CONTRAST:
        return ""
    return (
        f"{colour} has a contrast of {floor(has * 100) / 100:.2f}:1 against {ground} and needs "
        f"{LEAST_CONTRAST}:1: take a {better} one"
    )
