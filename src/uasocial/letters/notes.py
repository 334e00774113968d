"""What whoever sends a letter should know first: advice, how letters arrive, what they cost."""

from collections.abc import Iterator
from datetime import date

from uasocial.letters import addresses
from uasocial.letters.covering import recipients_of_copies
from uasocial.letters.parts import Sending
from uasocial.model import Facts, Target
from uasocial.model.codes import is_country
from uasocial.model.facts import Postage

__all__ = ["about_arriving", "advice", "prices", "what_is_missing"]


def advice(facts: Facts, language: str, channel: str) -> Iterator[str]:
    """Yield the safety advice for a channel; in English or any language rather than not at all."""
    for one in facts.safety:
        if one.channel in (channel, "all"):
            yield addresses.in_language(one.text, language, ("en",)).strip()


def what_is_missing(facts: Facts, target: Target, sending: Sending, today: date) -> Iterator[str]:
    """Say what the case does not hold that a letter should have."""
    if target.holder(today) is None:
        yield f"{target.id}: nobody is on record who holds the office on {today}"
    if sending.channel == "letter":
        yield from _of_the_address(target, sending)
    if sending.country and sending.country != target.country:
        yield from _of_the_copy(facts, sending)


def _of_the_address(target: Target, sending: Sending) -> Iterator[str]:
    if not target.address:
        yield f"{target.id}: no postal address is on record"
    if target.country == sending.country and target.country:
        return
    if target.country is None:
        yield f"{target.id}: no country is on record; write it as the last line of the address"
    elif target.country == addresses.INVENTED:
        yield f"{target.id}: the country is an invented one and has no line in the address"


def _of_the_copy(facts: Facts, sending: Sending) -> Iterator[str]:
    found = recipients_of_copies(facts, sending.country)
    if not found:
        yield f"no embassy in {sending.country} is on record: there is no copy"
    elif sending.channel == "email" and not found[0].emails:
        yield f"{found[0].id} has no e-mail address: send the copy on paper, see --format txt"
    for other in found[1:]:
        yield f"{other.id} is on record for a copy too: see `uasocial show`"


def about_arriving(
    facts: Facts, language: str, target: Target, sending: Sending, today: date
) -> Iterator[str]:
    """Yield how letters arrive and what they cost, each with its day and its source."""
    for note in facts.delivery:
        if note.to in (None, target.country):
            text = addresses.in_language(note.text, language, ("en",)).strip()
            day = f"as of {note.as_of}" if note.as_of else ""
            yield _sourced(text, day, note.source)
    for postage in prices(facts, today):
        if _costs_this(postage, target, sending):
            price = f"Postage from {postage.from_} to {postage.to.strip()}"
            price = f"{price}: {postage.currency} {postage.amount}"
            day = f"valid from {postage.valid_from}" if postage.valid_from else ""
            yield _sourced(price, day, postage.source)


def prices(facts: Facts, today: date) -> list[Postage]:
    """List what a letter costs, without the prices that a later one has replaced."""
    return [one for one in facts.postage if not _replaced(one, facts, today)]


def _costs_this(postage: Postage, target: Target, sending: Sending) -> bool:
    """Tell whether a price may be this letter's; `to` is a country, or a zone in words."""
    to = postage.to.strip()
    return postage.from_ == sending.country and (to == target.country or not is_country(to))


def _replaced(postage: Postage, facts: Facts, today: date) -> bool:
    since = postage.valid_from or date.min
    return any(
        (other.from_, other.to) == (postage.from_, postage.to)
        and other.valid_from is not None
        and since < other.valid_from <= today
        for other in facts.postage
    )


def _sourced(text: str, day: str, source: str | None) -> str:
    known = "; ".join(part for part in (day, source and source.strip()) if part)
    return f"{text} ({known})" if known else text
