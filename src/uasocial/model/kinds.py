"""The kinds of text a case is made of; each says what it must look like."""

from itertools import groupby
from typing import Annotated, Literal

from msgspec import Meta

from uasocial.model.codes import COUNTRIES, LANGUAGES

__all__ = [
    "MAX_ITEMS",
    "ONE_WORD",
    "Channel",
    "Country",
    "Handle",
    "HandleId",
    "Id",
    "Language",
    "Name",
    "Phone",
    "PlatformName",
    "Tag",
    "Text",
    "Url",
    "Zone",
]


def _one_of(codes: frozenset[str]) -> str:
    """Return a pattern of two-letter *codes*, by first letter: quick to compile and to match."""
    groups = groupby(sorted(codes), key=lambda code: code[0])
    return "|".join(f"{first}[{''.join(code[1] for code in group)}]" for first, group in groups)


_LANGUAGE = (
    rf"^(?:{_one_of(LANGUAGES)}|[a-z]{{3}})(?:-[A-Z][a-z]{{3}})?"
    rf"(?:-(?:{_one_of(COUNTRIES)}|[0-9]{{3}}))?(?:-(?:[a-z0-9]{{5,8}}|[0-9][a-z0-9]{{3}}))*$"
)
# Marks that steer the direction of writing, and characters without width: in a name they only
# deceive. ZWNJ and ZWJ (U+200C, U+200D) are letters' business in Farsi, Hindi and more.
_NO_HIDDEN = (
    r"^[^\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]+$"
)

ONE_WORD = r"^[^\s#@＃＠]{1,100}$"

# What is longer or more than this is no part of a case; a template could make memory run out of it.
MAX_TEXT = 20_000
MAX_ITEMS = 100

Text = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=MAX_TEXT,
        title="text",
        description=f"At most {MAX_TEXT:,} characters.",
    ),
]
Name = Annotated[
    str,
    Meta(
        pattern=_NO_HIDDEN,
        max_length=1000,
        title="name",
        description="One line of at most 1,000 characters, none of which is hidden.",
    ),
]
Language = Annotated[
    str,
    Meta(
        pattern=_LANGUAGE,
        title="language",
        description="A BCP 47 tag such as es, pt-BR or zh-Hant.",
    ),
]
Country = Annotated[
    str,
    Meta(
        pattern=rf"^(?:{_one_of(COUNTRIES)})$",
        title="country",
        description="An ISO 3166-1 code of two capitals such as PE.",
    ),
]
Id = Annotated[
    str,
    Meta(
        pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$",
        max_length=80,
        title="id",
        description="Small letters, digits and single hyphens.",
    ),
]
PlatformName = Annotated[
    str,
    Meta(
        pattern=r"^[a-z][a-z0-9_]*$",
        max_length=40,
        title="platform",
        description="A platform's name in small letters such as x, mastodon or bluesky.",
    ),
]
Handle = Annotated[
    str,
    Meta(
        pattern=r"^[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?(?:@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)?$",
        max_length=320,
        title="handle",
        description="The account's handle without the @ in front.",
    ),
]
HandleId = Annotated[
    str,
    Meta(
        pattern=r"^[^\s<>\"]+$",
        max_length=500,
        title="id of an account",
        description="What the platform knows the account by, however its handle changes.",
    ),
]
Tag = Annotated[
    str,
    Meta(
        pattern=ONE_WORD,
        title="hashtag",
        description="One word without the # in front.",
    ),
]
Phone = Annotated[
    str,
    Meta(
        pattern=r"^\+[1-9][0-9]{4,14}$",
        title="telephone number",
        description="E.164: + and the country's code, no spaces, as in +41313518570.",
    ),
]
Url = Annotated[
    str,
    Meta(
        pattern=r"^https?://[^\s/?#<>\"]+[^\s<>\"]*$",
        max_length=2000,
        title="web address",
        description="It begins with https:// and holds no space.",
    ),
]
Zone = Annotated[
    str,
    Meta(
        pattern=r"^(?:UTC|[A-Z][A-Za-z]+(?:/[A-Za-z0-9_+-]+){1,2})$",
        title="time zone",
        description="An IANA name such as America/Lima.",
    ),
]
Channel = Literal["post", "letter", "email", "fax", "phone", "all"]
