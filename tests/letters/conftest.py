"""A case with two targets and an embassy, and the letters that are made of it."""

from datetime import date

import pytest

from uasocial import letters
from uasocial.letters import Sending

FACTS = """\
number: UA 1/26
countries: [PE]
active_since: 2026-01-10
deadline: 2026-02-10
preferred_languages: [es]
targets:
  - id: minister
    office: {en: Minister of Gates, es: Ministra de Puertas}
    address: [1 Gate Road, Lima]
    country: PE
    emails: [minister@gates.example, gates@gates.example]
    holders:
      - {name: Ana Belkori, until: 2026-01-15, salutation: {en: Dear Minister}}
      - {name: Rosa Torvane, since: 2026-01-16, salutation: {en: Madam Minister}}
  - id: mayor
    office: {es: Alcalde de Lima}
    address: [2 Gate Road, Lima]
    country: PE
    holders:
      - {name: Haron Velsi, salutation: {en: Dear Mayor}}
copies:
  - id: embassy
    name: {en: Embassy of Peru}
    sender_country: CH
    address: [3 Gate Road, 3005 Berne]
    country: CH
    emails: [berne@gates.example]
"""
WORDS = """\
title: Open the gate
lead: The gate is closed.
letter:
  salutation: "Dear Minister Torvane,"
  paragraphs: [The gate is closed., Please open it.]
  closing: Yours sincerely,
"""


@pytest.fixture
def facts() -> str:
    return FACTS


@pytest.fixture
def words() -> str:
    return WORDS


@pytest.fixture
def composed(cases):
    """Compose a letter of the case above; *facts* and *words* may be others."""

    def compose(country=None, target="minister", **how):
        language = how.pop("language", "en")
        today = date.fromisoformat(how.pop("today", "2026-01-20"))
        cases.write(facts=how.pop("facts", FACTS), **{language: how.pop("words", WORDS)})
        action = cases.kit().action("gate")
        sending = Sending(country=country, **how)
        return letters.compose(
            action, language, letters.target_named(action, target), sending, today
        )

    return compose


@pytest.fixture
def sample(sample_kit):
    """Compose a letter of a sample to its first target."""

    def compose(name, language, country=None, **sending):
        action = sample_kit.action(name)
        sent = Sending(country=country, **sending)
        return letters.compose(
            action, language, action.facts.targets[0], sent, sample_kit.now.date()
        )

    return compose
