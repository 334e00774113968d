"""What is wrong with an address that stands in the settings.

A fault is what follows the key in a sentence; an empty text means that there is none.
"""

import re

from uasocial.errors import printable

__all__ = ["fault_of_address", "fault_of_contact", "fault_of_place", "quoted"]

MAX_SHOWN = 80


def fault_of_place(said: str) -> str:
    """Say what is wrong with the address of a place below which there are others."""
    before = re.split(r"[?#]", said, maxsplit=1)[0]
    return fault_of_address(said) or (
        "" if before == said else f"{quoted(said)} must end before its ? or #: write {before}"
    )


def fault_of_contact(said: str) -> str:
    """Say what is wrong with a contact: an e-mail address, or a web address."""
    alone = said.removeprefix("mailto:")
    if _is_email(alone):
        return "" if alone == said else f"must be the e-mail address alone: write {alone}"
    if "://" in said or not _fault_of_rest(said, said):
        return fault_of_address(said)
    return f"{quoted(said)} is neither an e-mail address nor a web address such as https://…"


def fault_of_address(said: str) -> str:
    """Say what is wrong with a web address; what may be a password is not repeated."""
    scheme = re.match(r"([A-Za-z][A-Za-z0-9+.-]*)://", said)
    rest = said[scheme.end() :] if scheme else said.lstrip("/")
    if "@" in _host(rest):
        return "holds a name or a password before its @: leave that out"
    if not scheme:
        return f"{quoted(said)} has no https:// in front: write {_with_scheme(rest)}"
    if scheme[1] not in ("https", "http"):
        return f"{quoted(said)} must begin with https:// or http://"
    return _fault_of_rest(rest, said)


def quoted(said: str) -> str:
    """Return a text in double quotes, on one line, and no more of it than tells which it is."""
    shown = said if len(said) <= MAX_SHOWN else f"{said[:MAX_SHOWN]}…"
    return '"' + printable(shown).replace("\n", r"\n") + '"'


def _host(rest: str) -> str:
    """Return the host of an address of which this follows the scheme, and what stands with it."""
    return re.split(r"[/?#]", rest, maxsplit=1)[0]


def _with_scheme(rest: str) -> str:
    """Return an address with the scheme that it lacks, or an example where that makes none."""
    return "it such as https://act.example.org" if _fault_of_rest(rest, rest) else f"https://{rest}"


def _fault_of_rest(rest: str, said: str) -> str:
    """Say what is wrong with what follows the scheme."""
    host = _host(rest)
    if not host:
        return f"{quoted(said)} names no host: write it such as https://act.example.org/ua"
    if not rest.isascii():
        return f"{quoted(said)} must be in ASCII: take it as a browser's address bar copies it"
    if not _is_host(host) or re.search(r"[\s\x00-\x1f\x7f<>\"\\^`{|}]", rest):
        return f"{quoted(said)} is no web address: write it such as https://act.example.org/ua"
    return ""


def _is_host(host: str) -> bool:
    """Tell whether this is the name of a machine, with or without a port."""
    name, _, port = host.partition(":")
    labels = name.split(".")
    if ":" in host and not (re.fullmatch(r"[0-9]{1,5}", port) and 0 < int(port) < 65536):  # noqa: PLR2004
        return False
    return (len(labels) > 1 or name == "localhost") and all(
        re.fullmatch(r"[A-Za-z0-9-]{1,63}", label) and label.strip("-") == label for label in labels
    )


def _is_email(said: str) -> bool:
    name, _, host = said.rpartition("@")
    return bool(re.fullmatch(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}", name)) and (
        _is_host(host) and "." in host and ":" not in host
    )
