"""What a page says to machines that read it: JSON-LD in the words of schema.org.

A page is a https://schema.org/WebPage. What it asks for is a https://schema.org/CommunicateAction,
which has a recipient; WriteAction has none: it is the writing of a work.
"""

import json
import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from markupsafe import Markup

from uasocial.site import paths
from uasocial.site.cards import Card, State
from uasocial.site.interface import Interface
from uasocial.site.machines.feeds import clean, state_in_words

__all__ = ["as_script", "json_ld"]

CONTEXT = "https://schema.org"
# https://schema.org/ActionStatusType. Of one that was stopped no action is told at all; and none is
# a FailedActionStatus, which stands for an error of the machine.
_STATUS: dict[State, str] = {
    "open": "PotentialActionStatus",
    "over": "CompletedActionStatus",
    "good-news": "CompletedActionStatus",
    "closed": "CompletedActionStatus",
}

# JSON allows them all in a text; within HTML, or read as JavaScript, they mean something else.
# https://www.w3.org/TR/json-ld11/#restrictions-for-contents-of-json-ld-script-elements
_ESCAPED = re.compile("[<>&\u2028\u2029\ud800-\udfff]")


def json_ld(
    card: Card, language: str, interface: Interface, base: str, targets: Sequence[str]
) -> dict[str, Any]:
    """Return what the page of a case says; *targets* are offices, without who holds them."""
    words = card.words.get(language)
    if words is None:
        return _kept(
            {
                "@context": CONTEXT,
                "@type": "WebPage",
                "name": state_in_words(card, interface) if card.state == "withdrawn" else "",
                "inLanguage": interface.language,
                "dateModified": card.updated.isoformat(),
            }
        )
    return _kept(
        {
            "@context": CONTEXT,
            "@type": "WebPage",
            "name": clean(words.title),
            "description": clean(words.outcome or words.lead) or state_in_words(card, interface),
            "inLanguage": language,
            "url": base and paths.public(base, paths.page(card.id, language)),
            "identifier": card.number,
            "datePublished": _day(card.since),
            "dateModified": card.updated.isoformat(),
            "mainEntity": _action(card, language, interface, targets),
        }
    )


def _action(
    card: Card, language: str, interface: Interface, targets: Sequence[str]
) -> dict[str, Any]:
    if card.state not in _STATUS:
        return {}
    about = [
        {"@type": "Country", "name": interface.country(code), "identifier": code}
        for code in card.countries
    ]
    recipients = [{"@type": "Organization", "name": clean(office)} for office in targets]
    return _kept(
        {
            "@type": "CommunicateAction",
            "name": clean(card.words[language].title),
            "actionStatus": f"{CONTEXT}/{_STATUS[card.state]}",
            "endTime": card.closes_at.isoformat() if card.closes_at else "",
            "inLanguage": language,
            "about": about,
            "recipient": recipients,
        }
    )


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _kept(made: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in made.items() if value}


def as_script(data: dict[str, Any]) -> Markup:
    """Write *data* so that it can stand within a script element of HTML, as it is.

    A browser runs no such element of the type `application/ld+json`, so that no policy has to
    allow it (https://html.spec.whatwg.org/#prepare-the-script-element, where step 12 ends before
    step 19 asks the policy).
    """
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    escaped = _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
    # A template must not escape it once more: within a script HTML knows no `&#34;`.
    return Markup(escaped)  # noqa: S704 - nothing of HTML is left in it
