"""The languages of a case at a glance: what each has, lacks, and has from an older source."""

from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct

from uasocial import checking
from uasocial.errors import NotFound, Refused
from uasocial.model import Action, Words
from uasocial.model.digests import changed
from uasocial.rules.case import PICTURES
from uasocial.rules.parity import demand_not_covered, letter_too_long

if TYPE_CHECKING:
    from uasocial.checking import Finding
    from uasocial.toolkit import Toolkit

__all__ = ["Gap", "Gaps", "Part", "Row", "gaps"]


class Part(NamedTuple):
    """How many of so many there are: alt texts of pictures, demands that are made."""

    has: int
    of: int


class Row(Struct, frozen=True, kw_only=True):
    """A language: what it has, its *wordings* by platform, and the *covered* of its demands.

    *behind* are the parts that changed in *source* since they were translated; *source* is empty
    for what was not translated, or not on record.
    """

    language: str
    title: bool
    lead: bool
    body: bool
    letter: bool
    wordings: dict[str, int]
    alts: Part
    covered: Part
    source: str
    behind: tuple[str, ...]


class Gap(NamedTuple):
    """What a language lacks, by the rule *code*; *language* is empty for what concerns several."""

    language: str
    code: str
    said: str


class Gaps(Struct, frozen=True, kw_only=True):
    """The languages of a case, and what the rules of parity say of them."""

    action: str
    rows: tuple[Row, ...]
    gaps: tuple[Gap, ...]


def gaps(kit: "Toolkit", name: str) -> Gaps:
    """Compare the languages of a case; raise CaseError for one that cannot be read."""
    action = kit.action(name)
    if kit.is_withdrawn(action):
        raise Refused(f"{action.id}: {kit.withheld(action)}")
    # What the settings silence is no gap here either; no draft is made for it.
    found = checking.check(kit, [name], [], whole=False).findings
    ours = [one for one in found if one.code.startswith("L") and one.code != letter_too_long.code]
    return Gaps(
        action=name,
        rows=tuple(_row(kit, action, language, ours) for language in action.words),
        gaps=tuple(_gap(action, one) for one in ours),
    )


def _row(kit: "Toolkit", action: Action, language: str, found: "list[Finding]") -> Row:
    words = action.words[language]
    made = words.translated_from
    known = made is not None and made.language in action.words
    return Row(
        language=language,
        title=bool(words.title),
        lead=bool(words.lead),
        body=bool(words.body),
        letter=words.letter is not None,
        wordings={one.name: _wordings(kit, action, language, one.name) for one in kit.choose(())},
        alts=_alts(action, words),
        covered=_covered(action, language, found),
        source=made.language if made is not None else "",
        behind=tuple(changed(action.words[made.language], made)) if made and known else (),
    )


def _wordings(kit: "Toolkit", action: Action, language: str, platform: str) -> int:
    """Count the ways to say the appeal; a language without templates may have none."""
    try:
        return len(kit.wordings.find(action, language, platform, "appeal"))
    except NotFound:
        return 0


def _alts(action: Action, words: Words) -> Part:
    folder = action.folder / "media"
    pictures = {path.stem for path in folder.glob("*") if path.suffix.lower() in PICTURES}
    wanted = pictures | {name for other in action.words.values() for name in other.alt}
    return Part(len(wanted & words.alt.keys()), len(wanted))


def _covered(action: Action, language: str, found: "list[Finding]") -> Part:
    words = action.words[language]
    if not (words.posts or words.letter):
        return Part(0, len(words.demands))
    not_made = [
        one
        for one in found
        if one.code == demand_not_covered.code and one.place.path.stem == language
    ]
    return Part(len(words.demands) - len(not_made), len(words.demands))


def _gap(action: Action, found: "Finding") -> Gap:
    stem = found.place.path.stem
    return Gap(stem if stem in action.words else "", found.code, found.place.message)
