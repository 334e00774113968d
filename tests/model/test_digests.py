"""What has changed since a translation was made is seen part by part."""

from datetime import date
from pathlib import Path

from uasocial.model import Words, tree
from uasocial.model.digests import changed, digests
from uasocial.model.files import decode
from uasocial.model.wording import Translated

TEXT = """\
title: Open the gate
lead: The gate is closed.
body: [One., Two.]
demands: [Open it]
letter: {salutation: "Dear Minister,", paragraphs: [Please.], closing: Yours}
alt: {gate: A gate.}
posts: [{id: first, text: Open it}]
"""


def words(text: str) -> Words:
    return decode(tree.parse(text, Path("en.yaml")), Words, date(2026, 1, 20))


def made(text: str = TEXT) -> Translated:
    return Translated(language="en", digests=digests(words(text)))


def test_each_part_that_there_is_has_a_digest_of_twelve_digits():
    found = digests(words(TEXT))
    assert list(found) == ["title", "lead", "body", "demands", "alt", "letter", "posts.first"]
    assert all(len(digest) == 12 and int(digest, 16) >= 0 for digest in found.values())


def test_nothing_has_changed_where_only_white_space_has():
    spaced = TEXT.replace("lead: The gate", "lead: >-\n  The\n  gate")
    assert changed(words(spaced), made()) == []


def test_what_is_another_or_new_or_gone_has_changed():
    assert changed(words(TEXT.replace("Two.", "Four.")), made()) == ["body"]
    assert changed(words(TEXT.replace("[One., Two.]", "[One. Two.]")), made()) == ["body"]
    assert changed(words(TEXT + "update: News.\n"), made()) == ["update"]
    assert changed(words(TEXT), made(TEXT + "outcome: Open.\n")) == ["outcome"]
    assert changed(words(TEXT.replace("id: first", "id: other")), made()) == [
        "posts.other",
        "posts.first",
    ]
