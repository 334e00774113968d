"""The pictures of a case that others may be given: with consent, an alt text, and pixels alone."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from uasocial.model import Action
from uasocial.outbox.pictures import read_picture
from uasocial.platforms.pictures import CAREFUL, PictureLimits
from uasocial.rules import Days
from uasocial.rules.case import PICTURES
from uasocial.rules.consent import day_without

__all__ = ["CasePicture", "case_pictures", "picture_files"]

ENDINGS = {"image/jpeg": "jpg", "image/png": "png"}


class CasePicture(NamedTuple):
    """A picture without anything but its pixels; *alts* are its alt texts by language.

    *name* is that of none of the others, whatever a disk makes of capitals.
    """

    name: str
    data: bytes
    alts: dict[str, str]
    width: int
    height: int


def picture_files(action: Action) -> list[Path]:
    """List the files that are pictures of a case."""
    folder = action.folder / "media"
    return sorted(path for path in folder.glob("*") if path.suffix.lower() in PICTURES)


def case_pictures(
    action: Action,
    chosen: Sequence[str],
    days: Days,
    left_out: list[str],
    limits: PictureLimits = CAREFUL,
) -> Iterator[CasePicture]:
    """Yield the pictures; none of them where somebody at risk has not consented to photos.

    Raise PictureError for a file that is broken.
    """
    found = picture_files(action)
    people = [person for person in action.facts.people if not person.group]
    unwilling = any(day_without(one, {"photo"}, days.of_consent(action.facts)) for one in people)
    stems = _stems(found)
    for number, path in enumerate(found, 1):
        alts = {tag: action.words[tag].alt[path.stem] for tag in chosen if _has(action, tag, path)}
        if unwilling or not alts:
            # A file's name may be that of a person.
            why = "no consent to photos (P004)" if unwilling else "no alt text (C030)"
            left_out.append(f"picture {number} of {len(found)}: {why}")
            continue
        made = read_picture(path, limits)
        name = f"{stems[path]}.{ENDINGS[made.type]}"
        yield CasePicture(name, made.data, alts, made.width, made.height)


def _stems(paths: Sequence[Path]) -> dict[Path, str]:
    """Return the name of each picture, without its ending: that of none of the others.

    Capitals tell no two apart: where they are unpacked they may be one file.
    """
    own = {path.stem.casefold() for path in paths}
    found: dict[Path, str] = {}
    taken: set[str] = set()
    for path in paths:
        stem, number = path.stem, 1
        while stem.casefold() in taken:
            number += 1
            other = f"{path.stem}-{number}"
            stem = stem if other.casefold() in own else other
        found[path] = stem
        taken.add(stem.casefold())
    return found


def _has(action: Action, language: str, path: Path) -> bool:
    return bool(action.words[language].alt.get(path.stem, "").strip())
