"""One case as tests of the site tell it, in a file and as a card; and a site that takes notes."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from babel.support import NullTranslations
from msgspec.structs import replace

from uasocial.site.cards import Card, CardWords, Looked
from uasocial.site.contents import Site
from uasocial.site.interface import Interface
from uasocial.site.resource import Resource
from uasocial.toolkit import Toolkit

BASE = "https://act.example/ua/"
ENGLISH = Interface("en", NullTranslations())
GATE = Card(
    id="gate",
    state="open",
    updated=date(2026, 1, 10),
    countries=("PE",),
    since=date(2026, 1, 9),
    last_day=date(2026, 2, 9),
    words={"en": CardWords(title="Open the gate", lead="The gate is closed.")},
)
WITHDRAWN = Card(
    id="gate", state="withdrawn", updated=date(2026, 1, 20), ended_on=date(2026, 1, 20)
)

WORDS = """\
title: Open the gate
lead: The gate is closed.
demands: [Open the gate]
letter: {salutation: "Dear Minister,", paragraphs: [Please open it.], closing: "Yours,"}
posts: [{id: gate, template: "Open the gate! {{ action | link }}"}]
"""


def facts_of(
    number: str = "UA 1/26",
    since: date = date(2026, 1, 10),
    deadline: date = date(2026, 2, 10),
) -> str:
    """Return the facts of a case, to which a test may add lines."""
    return f"""\
number: {number}
countries: [PE]
active_since: {since}
deadline: {deadline}
link: {{en: "https://example.org/1/en"}}
targets:
  - id: minister
    office: {{en: Minister of Gates}}
    country: PE
    address: [1 Gate Street, Lima]
    emails: [m@gates.example]
"""


def many(count: int, today: date = date(2026, 1, 20)) -> list[Card]:
    """Return cases that are open, each a day longer than the one before; the first 20 days."""
    lasts = [today + timedelta(days=20 + number) for number in range(count)]
    return [
        replace(
            GATE,
            id=f"gate-{number:04}",
            number=f"UA {number + 1}/26",
            today=today,
            last_day=last,
            closes_at=datetime.combine(last + timedelta(days=1), time(5), UTC),
            words={"en": CardWords(title=f"Gate {number}", lead=f"Gate {number} is closed. " * 9)},
        )
        for number, last in enumerate(lasts)
    ]


class Watched(Site):
    """A site that notes which cases it *looked* at and which it *made*."""

    def __init__(
        self,
        kit: Toolkit,
        base: str = "",
        looked: list[str] | None = None,
        made: list[str] | None = None,
    ) -> None:
        super().__init__(kit, base)
        self.looked = [] if looked is None else looked
        self.made = [] if made is None else made

    def look_at(self, name: str) -> Looked:
        self.looked.append(name)
        return super().look_at(name)

    def of_case(self, card: Card, neighbours: Sequence[Card] = ()) -> list[Resource]:
        self.made.append(card.id)
        return super().of_case(card, neighbours)
