"""The facts of a case: what `action.yaml` holds, once for all languages."""

import re
from datetime import date
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from msgspec import Meta, Struct

from uasocial.model.days import Day, Moment
from uasocial.model.kinds import (
    MAX_ITEMS,
    ONE_WORD,
    Channel,
    Country,
    Handle,
    HandleId,
    Id,
    Language,
    Name,
    Phone,
    PlatformName,
    Tag,
    Text,
    Url,
    Zone,
)
from uasocial.model.numbers import ActionNumber, DocumentIndex

__all__ = [
    "Consent",
    "Copy",
    "Counter",
    "Delivery",
    "Document",
    "End",
    "Facts",
    "Holder",
    "Person",
    "Postage",
    "Safety",
    "Source",
    "Target",
]

Email = Annotated[
    str,
    Meta(
        pattern=r"^[^\s@<>\"]+@[^\s@<>\".]+(?:\.[^\s@<>\".]+)+(?![\s\S])",
        max_length=320,
        title="e-mail address",
    ),
]


class Noun(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every part of a case has in common."""


class Holder(Noun, frozen=True, kw_only=True):
    """The person who holds an office; a handle belongs to one platform and never crosses.

    Handles change hands: an id stays with the account.
    """

    name: Name
    handles: dict[PlatformName, Handle] = {}
    handle_ids: dict[PlatformName, HandleId] = {}
    salutation: dict[Language, Text] = {}
    confirmed_on: Day | None = None
    since: Day | None = None
    until: Day | None = None

    def holds(self, today: date) -> bool:
        """Tell whether the office is this person's on that day, the last one included."""
        begun = self.since is None or self.since <= today
        return begun and (self.until is None or today <= self.until)


class Target(Noun, frozen=True, kw_only=True):
    """An office that can end the danger, how to reach it, and who holds it."""

    id: Id
    office: dict[Language, Name]
    address: tuple[Name, ...] = ()
    country: Country | None = None
    emails: tuple[Email, ...] = ()
    faxes: tuple[Phone, ...] = ()
    phones: tuple[Phone, ...] = ()
    holders: tuple[Holder, ...] = ()

    def __post_init__(self) -> None:
        if not self.office:
            raise ValueError("the office has no name in any language")

    def holder(self, today: date) -> Holder | None:
        """Return who holds the office on that day: the last one listed whose time it is."""
        return next((h for h in reversed(self.holders) if h.holds(today)), None)


class Copy(Noun, frozen=True, kw_only=True):
    """Who gets a copy: usually the embassy in the country that the letter is sent from."""

    id: Id
    name: dict[Language, Name]
    sender_country: Country
    address: tuple[Name, ...] = ()
    country: Country | None = None
    emails: tuple[Email, ...] = ()
    faxes: tuple[Phone, ...] = ()
    phones: tuple[Phone, ...] = ()


class Safety(Noun, frozen=True, kw_only=True):
    """Advice to those with ties to a country, for one channel."""

    country: Country
    channel: Channel = "all"
    text: dict[Language, Text]


class Delivery(Noun, frozen=True, kw_only=True):
    """A note on how letters arrive, true on a day and from a source."""

    text: dict[Language, Text]
    to: Country | None = None
    as_of: Day | None = None
    source: Text | None = None


class Postage(Noun, frozen=True, kw_only=True, rename={"from_": "from"}):
    """What a letter costs, from a day on and from a source."""

    from_: Country
    to: Text
    amount: Annotated[str, Meta(pattern=r"^[0-9]+(?:\.[0-9]{1,2})?$", title="amount")]
    currency: Annotated[str, Meta(pattern=r"^[A-Z]{3}$", title="currency")]
    valid_from: Day | None = None
    source: Text | None = None


class Consent(Noun, frozen=True, kw_only=True):
    """What a person at risk has allowed, and until when."""

    use: Literal["name", "photo", "social-media"]
    given_on: Day
    expires_on: Day | None = None


class Person(Noun, frozen=True, kw_only=True):
    """A person or a group at risk."""

    name: Name
    spellings: tuple[Name, ...] = ()
    pronoun: Name | None = None
    age: Annotated[int, Meta(ge=0, le=130)] | None = None
    role: Text | None = None
    group: bool = False
    consents: tuple[Consent, ...] = ()


class Counter(Noun, frozen=True, kw_only=True):
    """How many letters were counted, when and by whom."""

    value: Annotated[int, Meta(ge=0)]
    as_of: Day
    source: Text


class Document(Noun, frozen=True, kw_only=True):
    """A file of the case to download."""

    language: Language
    title: Text | None = None
    type: Text | None = None
    size: Text | None = None
    url: Url | None = None


class End(Noun, frozen=True, kw_only=True):
    """How a case ended, recorded by a person; `stop` and `withdrawn` silence every occasion."""

    how: Literal["stop", "good-news", "closed", "withdrawn"]
    on: Day
    by: Name | None = None
    why: Text | None = None


class Source(Noun, frozen=True, kw_only=True):
    """Where the case was read."""

    url: Url | None = None
    title: Text | None = None
    retrieved_at: Day | None = None
    sha256: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$", title="SHA-256 digest")] | None = None


class Facts(Noun, frozen=True, kw_only=True):
    """`action.yaml`: the facts of an urgent action."""

    number: ActionNumber | None = None
    index: DocumentIndex | None = None
    kind: Literal["ua", "further-information", "stop", "good-news", "correction"] = "ua"
    example: bool = False
    countries: Annotated[tuple[Country, ...], Meta(min_length=1)]
    active_since: Day
    deadline: Day
    deadline_inclusive: bool = False
    deadline_words: dict[Language, Text] = {}
    time_zone: Zone | None = None
    preferred_languages: tuple[Language, ...] = ()
    own_language: bool = True
    link: dict[Language, Url] = {}
    hashtags: dict[
        Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]*$", title="name of a hashtag")],
        # The tag itself is checked below: msgspec 0.22 writes past its memory on a union of a text
        # with a pattern and a length with a mapping (seen with PYTHONMALLOC=debug).
        str | dict[Language, Tag],
    ] = {}
    name_organisation: bool = False
    targets: Annotated[tuple[Target, ...], Meta(min_length=1, max_length=MAX_ITEMS)]
    copies: tuple[Copy, ...] = ()
    safety: tuple[Safety, ...] = ()
    delivery: tuple[Delivery, ...] = ()
    postage: tuple[Postage, ...] = ()
    people: tuple[Person, ...] = ()
    do_not_post: tuple[Text, ...] = ()
    mentions: dict[PlatformName, tuple[Handle, ...]] = {}
    mention_ids: dict[PlatformName, dict[Handle, HandleId]] = {}
    embargo: Moment | None = None
    counter: Counter | None = None
    documents: tuple[Document, ...] = ()
    ended: End | None = None
    supersedes: Text | None = None
    superseded_by: Text | None = None
    sources: tuple[Source, ...] = ()
    notes: tuple[Text, ...] = ()

    def __post_init__(self) -> None:
        if self.last_day < self.active_since:
            raise ValueError(
                f"the last day to act, {self.last_day}, lies before `active_since`, "
                f"{self.active_since}; mend one of them"
            )
        ids = [target.id for target in self.targets]
        twice = next((name for name in ids if ids.count(name) > 1), None)
        if twice:
            raise ValueError(f"two targets have the id {twice!r}; give one of them another")
        if self.time_zone:
            _check_zone(self.time_zone)
        for name, tag in self.hashtags.items():
            if isinstance(tag, str) and not re.fullmatch(ONE_WORD, tag):
                raise ValueError(f"hashtags.{name}: {tag!r} is no hashtag: one word without the #")

    @property
    def last_day(self) -> Day:
        """The last day on which one may act."""
        if self.deadline_inclusive:
            return self.deadline
        return Day.fromordinal(self.deadline.toordinal() - 1)

    def days_left(self, today: date) -> int:
        """Count the days on which one may act, *today* among them.

        34 on 30 November where appeals must be sent before 3 January.
        """
        return self.last_day.toordinal() - today.toordinal() + 1

    def hashtag(self, name: str, language: str) -> str | None:
        """Return the case's tag of that *name* in *language*, if it has one."""
        tag = self.hashtags.get(name)
        return tag.get(language) if isinstance(tag, dict) else tag


def _check_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (KeyError, OSError, ValueError):
        raise ValueError(
            f"there is no time zone {name!r}; write an IANA name such as America/Lima"
        ) from None
