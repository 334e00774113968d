"""A letter as plain text: one page, and a second for the embassy."""

from collections.abc import Sequence

from uasocial.letters.parts import AppealLetter

__all__ = ["PAGE_BREAK", "as_text", "body"]

PAGE_BREAK = "\f\n"

# Room for a name, a street and a town; and for a name written by hand.
_NO_SENDER = ("", "", "")
_SIGNATURE = ("", "", "")


def as_text(letter: AppealLetter, sender: Sequence[str] = ()) -> str:
    """Return the letter, and behind a page break the note that goes with its copy.

    *sender* is the name, then the address, a line each; without it, there is room for them.
    """
    pages = [_page(letter, letter.address, (letter.subject, body(letter)), sender)]
    if letter.copy:
        pages.append(_page(letter, letter.copy.address, (letter.copy.text,), sender))
    return PAGE_BREAK.join(pages)


def body(letter: AppealLetter) -> str:
    """Return what the letter says, from the salutation to the closing."""
    return "\n\n".join(filter(None, (letter.salutation, *letter.paragraphs, letter.closing)))


def _page(
    letter: AppealLetter, address: Sequence[str], text: Sequence[str], sender: Sequence[str]
) -> str:
    head = ("\n".join(lines) for lines in (sender or _NO_SENDER, address))
    parts = [*head, letter.date_line, *text]
    return "\n".join(["\n\n".join(parts), *_SIGNATURE, *sender[:1], ""])
