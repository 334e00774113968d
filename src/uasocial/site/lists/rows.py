"""The rows of lists in one language of the interface: each is made once, whatever lists hold it."""

from datetime import date, timedelta
from typing import NamedTuple

from uasocial.site import paths, states
from uasocial.site.cards import Card, as_json, told_in
from uasocial.site.framing import Tongue, milliseconds
from uasocial.site.interface import Interface
from uasocial.site.resource import sign

__all__ = ["Row", "Rows"]


class Row(NamedTuple):
    """An action in a list; *others* are the languages it is in, where it is not in the page's.

    *left* is its status today and on the next days, *today_ends* the moment that today ends for it.
    """

    title: str
    path: str
    language: str
    lead: str
    number: str
    countries: tuple[str, ...]
    status: str
    is_open: bool
    example: bool
    closes: int
    left: tuple[str, ...]
    today_ends: int
    is_missing: bool
    others: tuple[Tongue, ...]


class Rows:
    """The rows in one language, as of *today*; an open one counts its days *ahead*."""

    def __init__(self, words: Interface, today: date, ahead: int) -> None:
        self._words = words
        self._today = today
        self._ahead = ahead
        self._told: dict[str, Card] = {}
        self._signatures: dict[str, str] = {}
        self._rows: dict[str, Row] = {}

    def row(self, card: Card) -> Row:
        if card.id not in self._rows:
            self._rows[card.id] = self._made(self._of(card))
        return self._rows[card.id]

    def signature(self, card: Card) -> str:
        """Sign all that a row is made of."""
        if card.id not in self._signatures:
            self._signatures[card.id] = sign([as_json(self._of(card))])
        return self._signatures[card.id]

    def _of(self, card: Card) -> Card:
        if card.id not in self._told:
            self._told[card.id] = told_in(card, self._words.language)
        return self._told[card.id]

    def _made(self, card: Card) -> Row:
        words, today = self._words, card.today or self._today
        days = card.days_left(today) if card.is_open else 0
        left = [today + timedelta(days=n) for n in range(min(days, self._ahead))]
        closes = card.closes_at if card.is_open else None
        language = card.language(words.language)
        said = card.words[language]
        others = [Tongue(tag, paths.page(card.id, tag), is_here=False) for tag in card.words]
        return Row(
            title=said.title,
            path=paths.page(card.id, language),
            language=language,
            lead=said.outcome or said.lead,
            number=card.number,
            countries=tuple(map(words.country, card.countries)),
            status=states.status(card, words, today),
            is_open=card.is_open,
            example=card.example,
            closes=milliseconds(closes) if closes else 0,
            left=tuple(states.status(card, words, day) for day in left),
            today_ends=milliseconds(card.today_ends) if closes and card.today_ends else 0,
            is_missing=language.partition("-")[0] != words.language,
            others=tuple(others),
        )
