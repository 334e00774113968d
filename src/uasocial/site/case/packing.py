"""What goes into the offline pack of a case: its pages, letters, texts, code and pictures."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from uasocial.errors import UasocialError, printable
from uasocial.placing import zipped
from uasocial.site import paths
from uasocial.site.case.labels import label
from uasocial.site.case.showing import Telling
from uasocial.site.interface import Interface, interface
from uasocial.site.machines import deadlines
from uasocial.text.file_names import fault_of_path, first_pair

if TYPE_CHECKING:
    from uasocial.site.case.files import CaseFiles

__all__ = ["pack", "packed_files"]

README = "READ-ME-FIRST.txt"
# Whoever unpacks a pack may hand it on.
MODE = 0o644


def packed_files(of: "CaseFiles") -> bytes:
    """Return the pack: a folder that needs no network, with the same paths as the site."""
    return pack(of.card.id, dict(_files(of)))


def _files(of: "CaseFiles") -> Iterator[tuple[str, bytes]]:
    yield README, _readme(of).encode()
    yield paths.INDEX, of.short_page(paths.INDEX, packed=True)
    for asset in of.site.own_assets.resources():
        yield asset.path, asset.make()
    for picture in of.case.pictures:
        yield paths.case_file(of.card.id, f"media/{picture.name}"), picture.data
    if of.site.base:
        yield from _codes(of)
    for language in of.card.words:
        yield from _of_language(of, language)


def _codes(of: "CaseFiles") -> Iterator[tuple[str, bytes]]:
    """Yield the code of the short address: for the pages, and large, to print for a stall."""
    from uasocial.site.machines.qr import qr_png  # noqa: PLC0415 - only a pack needs it

    yield paths.case_file(of.card.id, "qr.svg"), of.code()
    yield "qr.png", qr_png(of.short_address)


def _of_language(of: "CaseFiles", language: str) -> Iterator[tuple[str, bytes]]:
    words, telling = interface(language), of.case.telling(language)
    yield of.beside(language, paths.INDEX), of.page(language, packed=True)
    yield of.beside(language, "share.png"), of.picture(language)
    calendar = deadlines.deadline(of.card, language, words, of.site.base)
    yield of.beside(language, "deadline.ics"), calendar
    for shown in telling.letters:
        for one in of.letter_files(language, shown):
            yield one.path, one.make()
    if telling.texts:
        yield f"texts-{language}.txt", _texts(of, telling, words).encode()
    for to in telling.copies:
        name = f"copy-to-{to.copy.id}-{language}.txt"
        yield name, "\n\n".join(("\n".join(to.note.address), to.note.text, "")).encode()


def _readme(of: "CaseFiles") -> str:
    """Say in each language until when the pack is to be used, and where to begin."""
    said = [_begin(of, interface(language), language) for language in of.card.words]
    return "\n\n".join(said) + "\n"


def _begin(of: "CaseFiles", words: Interface, language: str) -> str:
    card = of.card
    assert card.last_day is not None  # noqa: S101 - only a case that is open is packed
    fresh = of.site.frame.fresh_until.date()
    lines = [
        *_rehearsal(of, words),
        f"{card.words[language].title} {card.number}".strip(),
        *_advice(of.case.telling(language), words),
        words.gettext("Open index.html in a browser; nothing in here needs a network."),
        words.gettext(
            "Use it until %(day)s. After that day hand out nothing of it.",
            day=words.day(card.last_day),
        ),
        words.gettext(
            "Made on %(day)s. An action can be stopped at any hour: look whether it still holds.",
            day=words.day(of.site.frame.today),
        ),
        words.gettext(
            "Fetch it anew before %(day)s: then its pages hand out nothing any more.",
            day=words.day(fresh),
        ),
        of.short_address,
    ]
    return "\n".join(filter(None, lines))


def _rehearsal(of: "CaseFiles", words: Interface) -> list[str]:
    if not of.site.kit.rehearsal:
        return []
    day = words.day(of.site.frame.today)
    return [words.gettext("Rehearsal, as of %(day)s: nothing here is to be sent.", day=day)]


def _advice(telling: Telling, words: Interface) -> list[str]:
    """Return what is to be read before anything is done, as on the page."""
    own = [one.text for one in telling.advice("all", "post")]
    shown = words.gettext("A public post shows your account to everybody, also to the authorities.")
    return own or [shown]


def _texts(of: "CaseFiles", telling: Telling, words: Interface) -> str:
    """Return the texts of one language, each under the name of its platform."""
    parts = ["\n".join([*_rehearsal(of, words), *_advice(telling, words)])]
    for group in telling.texts:
        for ready in group.ready:
            last = ready.draft.valid_until or of.case.action.facts.last_day
            until = words.gettext("to be used until %(day)s", day=words.day(last))
            warning = ready.draft.content_warning
            head = f"{label(group.platform, words)} ({until})"
            parts.append("\n".join(filter(None, (head, warning, ready.draft.text))))
    return "\n\n----\n\n".join(parts) + "\n"


def pack(name: str, files: Mapping[str, bytes]) -> bytes:
    """Return a zip of *files* by their paths, all below the folder *name*; the same for the same.

    Raise UasocialError where they could not all be unpacked on every system.
    """
    for path in (name, *files):
        fault = fault_of_path(path)
        if fault:
            raise UasocialError(printable(f"{name}: {path}: {fault}: give it another name"))
    pair = first_pair(files)
    if pair:
        raise UasocialError(
            printable(f"{name}: {pair[0]} and {pair[1]} are one file on some disks: rename one")
        )
    return zipped(name, files, MODE)
