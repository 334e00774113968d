"""A letter as an e-mail: a mail program opens it as a draft, and a person sends it."""

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING
from urllib.parse import quote

from uasocial.errors import UasocialError, printable
from uasocial.letters.parts import AppealLetter
from uasocial.letters.plain import body
from uasocial.platforms.builtin import MAILTO_LENGTH
from uasocial.platforms.platform import share_address

if TYPE_CHECKING:
    from email.headerregistry import Address

__all__ = ["as_eml", "as_mailto"]

# RFC 2045, section 6.7: an encoded line has at most 76 characters. The policy's own 78 is too many.
_WIDTH = 76
_PLAIN = _WIDTH - len("Subject: ")
_END = "\r\n"
_NOT_IN_A_HEADER = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def as_eml(letter: AppealLetter, sender: Sequence[str] = ()) -> bytes:
    """Return the e-mail to the target, with the embassy in copy.

    It has neither sender nor date: the mail program adds them. Raise UasocialError where an
    address is missing, or cannot stand in a header.
    """
    # Only who writes an e-mail waits for it.
    from email import policy  # noqa: PLC0415
    from email.message import EmailMessage  # noqa: PLC0415

    if not letter.emails:
        raise UasocialError(f"{letter.action}: {letter.target} has no e-mail address")
    mail = EmailMessage(policy.SMTP.clone(max_line_length=_WIDTH))
    mail["To"] = _addresses(letter.emails)
    if letter.copy and letter.copy.emails:
        mail["Cc"] = _addresses(letter.copy.emails)
    # Marks a draft: https://learn.microsoft.com/archive/blogs/stephen_griffin/did-i-send-that
    mail["X-Unsent"] = "1"
    text = "\n".join((body(letter), "", *sender)).rstrip("\n")
    mail.set_content(text + "\n", cte="quoted-printable")
    return _subject(letter.subject) + mail.as_bytes()


def as_mailto(emails: Sequence[str], subject: str, text: str) -> str:
    """Return the address that opens a mail program with the letter filled in (RFC 6068).

    Empty where mail programs would cut it: then the text is copied, or the file opened.
    """
    body = text.replace("\r\n", "\n").replace("\n", _END)
    to = ",".join(quote(email, safe="@") for email in emails)
    given = {name: said for name, said in (("subject", subject), ("body", body)) if said}
    address = share_address(f"mailto:{to}", **given) if given else f"mailto:{to}"
    return address if len(address) <= MAILTO_LENGTH else ""


def _subject(text: str) -> bytes:
    """Return the header, folded.

    Not left to EmailMessage: where it folds, it loses the space between two encoded words, in
    Python 3.11 to 3.13.0 (a test folds at many places).
    """
    from email.header import Header  # noqa: PLC0415

    text = _NOT_IN_A_HEADER.sub(" ", text).strip()
    plain = text.isascii() and len(text) <= _PLAIN and "=?" not in text
    header = Header(text, "us-ascii" if plain else "utf-8", _WIDTH, "Subject")
    return f"Subject: {header.encode(linesep=_END)}{_END}".encode("ascii")


def _addresses(emails: Iterable[str]) -> "tuple[Address, ...]":
    return tuple(map(_address, emails))


def _address(email: str) -> "Address":
    """Return an address for a header; its domain in ASCII, as a server looks it up (RFC 3490)."""
    from email.headerregistry import Address  # noqa: PLC0415

    local, _, domain = email.rpartition("@")
    try:
        found = Address(username=local, domain=domain.encode("idna").decode("ascii"))
    except (ValueError, IndexError):
        found = None
    if found is None or not (local.isascii() and email.isprintable()):
        raise UasocialError(
            printable(f"the e-mail address {email!r} cannot stand in a mail file; write by hand")
        )
    return found
