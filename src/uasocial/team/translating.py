"""Words given to a translator side by side with their source, and read back whole."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from uasocial.accounts import has_ledger, ledger_of
from uasocial.errors import NotFound, Refused, TemplateError, UasocialError, printable
from uasocial.importing import Change
from uasocial.model import Action, Words, dialect, files, folders, tree, writing
from uasocial.model.codes import is_language
from uasocial.model.digests import digest, digests
from uasocial.reading import vetting
from uasocial.translation import tables
from uasocial.translation.placeholders import compare, explained
from uasocial.translation.tables import Head, Row
from uasocial.translation.units import Gap, Unit, filled, part_of, units
from uasocial.words.environment import compile_template

if TYPE_CHECKING:
    from uasocial.toolkit import Toolkit

__all__ = ["Translation", "give_out", "read_back", "source_of", "write"]

# More than anybody reads at a time; mending some of them mends others.
MOST_FAULTS = 50


class Translation(NamedTuple):
    """What a file brings, and nothing of it written yet.

    *change* is None where it changes nothing. *left* are units that it does not bring; *behind* the
    parts whose source has changed since they were translated, and whose translation has not.
    """

    action: str
    source: str
    language: str
    change: Change | None
    left: list[str]
    behind: list[str]


def give_out(kit: "Toolkit", name: str, language: str, source: str | None, file: Path) -> int:
    """Write all words of a case beside those in *language* into a new file; count the units."""
    action = _readable(kit, name)
    if not is_language(language):
        raise UasocialError(f"{printable(language)!r} is no language; write it as de or pt-BR")
    head = Head(action.id, source_of(action, language, source), language)
    rows = _rows(action, head)
    tables.write(file, head, rows)
    return len(rows)


def _readable(kit: "Toolkit", name: str) -> Action:
    action = kit.action(name)
    if kit.is_withdrawn(action):
        raise Refused(f"{name}: {kit.withheld(action)}")
    if has_ledger(kit):
        from uasocial.outbox import seeing  # noqa: PLC0415 - only who has a ledger waits

        if seeing.ended(ledger_of(kit), name) == "withdraw":
            raise Refused(f"{name}: was withdrawn, as the ledger says; its words are not shown")
    return action


def source_of(action: Action, language: str, named: str | None, option: str = "--source") -> str:
    """Return the language that is named, or on record, or the only other one.

    *option* is how a person names it.
    """
    others = [other for other in action.words if other != language]
    if named is not None:
        if named not in others:
            raise NotFound("other language", named, others)
        return named
    words = action.words.get(language)
    recorded = words.translated_from if words else None
    if recorded is not None and recorded.language in others:
        return recorded.language
    if len(others) != 1:
        raise UasocialError(
            f"{action.id}: name the language that {language} was made from with {option}: "
            + (", ".join(others) or "there is no other yet")
        )
    return others[0]


def _units(action: Action, language: str) -> dict[str, Unit]:
    return units(action.words[language]) if language in action.words else {}


def _rows(action: Action, head: Head) -> list[Row]:
    """Return a row for each unit of the source, and for each that only the target has."""
    source, target = _units(action, head.source), _units(action, head.target)
    nothing = Unit("", "")
    rows = []
    for key in {**source, **target}:
        one, other = source.get(key, nothing), target.get(key, nothing)
        note = _note(key, one, other, head)
        rows.append(Row(key, one.text, other.text, note, _mark(one.text)))
    return rows


def _mark(text: str) -> str:
    return digest(" ".join(text.split()))


def _note(key: str, one: Unit, other: Unit, head: Head) -> str:
    """Say what a translator must know of a unit."""
    if not one.text:
        return f"Only in {head.target}: an empty cell takes it out."
    part = key.partition(".")[0]
    if "template" in (one.kind, other.kind):
        said = explained(one.text)
        return f"A post. Keep as they are: {said}" if said else "A post."
    if part == "posts":
        return "A post, word for word: keep its handles (@…)."
    if part == "alt":
        return f"What the picture {key.partition('.')[2]} shows, for who cannot see it."
    one_line = key in ("title", "content_warning", "letter.salutation", "letter.closing")
    return "One line." if one_line else ""


# --- read back ---------------------------------------------------------------------------------


def read_back(
    kit: "Toolkit", name: str, file: Path, language: str | None = None, *, partial: bool = False
) -> Translation:
    """Read a file of `give_out`; raise UasocialError with a line for each row that is wrong.

    With *partial*, rows that are missing or empty leave what stands there as it is.
    """
    action = _readable(kit, name)
    head, rows = tables.read(file)
    _assert_head(action, head, file, language)
    reader = _Reader(kit, action, head)
    texts = reader.texts(rows, partial=partial)
    content = reader.content(texts)
    if reader.faults:
        more = len(reader.faults) - MOST_FAULTS
        told = reader.faults[:MOST_FAULTS] + ([f"and {more} more"] if more > 0 else [])
        raise UasocialError("\n".join(printable(f"{file}: {said}") for said in told))
    left = [key for key in reader.source if key not in texts]
    return _translation(kit, action, head, content, texts, left)


def _assert_head(action: Action, head: Head, file: Path, language: str | None) -> None:
    if head.action != action.id:
        raise UasocialError(
            printable(f"{file}: is a translation of {head.action!r}, and not of {action.id!r}")
        )
    if head.source not in action.words:
        raise NotFound("language", head.source, action.words)
    if not is_language(head.target) or head.target == head.source:
        raise UasocialError(printable(f"{file}: {head.target!r} in its first row is no language"))
    if language not in (None, head.target):
        raise UasocialError(printable(f"{file}: is in {head.target!r}, and not in {language!r}"))


class _Reader:
    """Holds the rows of a file against the case as it is now, and collects what is wrong."""

    def __init__(self, kit: "Toolkit", action: Action, head: Head) -> None:
        self._kit, self._action, self._head = kit, action, head
        self.source = _units(action, head.source)
        self.target = _units(action, head.target)
        self.faults: list[str] = []
        self._rows: dict[str, Row] = {}

    def texts(self, rows: list[Row], *, partial: bool) -> dict[str, str]:
        """Return the texts of the file by key, in the order of the case."""
        for row in rows:
            if row.key in self._rows:
                self._wrong(row, f"stands in row {self._rows[row.key].number} already")
            elif row.key not in {**self.source, **self.target}:
                self._wrong(row, "is no part of the case")
            self._rows.setdefault(row.key, row)
        found = {}
        for key in {**self.source, **self.target}:
            if key not in self._rows:
                if not partial:
                    self.faults.append(f"{key} is missing: put its row back, or say --partial")
                continue
            text = self._text(self._rows[key], partial=partial)
            if text is not None:
                found[key] = text
        return found

    def _wrong(self, row: Row, said: str) -> None:
        self.faults.append(f"row {row.number}, {row.key[:80]!r}: {said}")

    def _text(self, row: Row, *, partial: bool) -> str | None:
        """Return what a row says; None where there is nothing to take over."""
        source, present = self.source.get(row.key), self.target.get(row.key)
        if source is None:
            return present.text if present and present.text.strip() == row.target else row.target
        if not row.target:
            if not partial:
                self._wrong(row, "is empty: translate it, or say --partial")
            return None
        now = _mark(source.text)
        if now not in (row.mark, _mark(row.source)):
            said = f"the source has changed since: {_short(source.text)}"
            self._wrong(row, f"{said}; if the translation is still right, its mark is {now}")
        if present and present.text.strip() == row.target:
            return present.text
        bad = dialect.forbidden(row.target)
        if bad:
            self._wrong(row, f"holds the character {bad}: take it out")
        return self._template(row, source, present)

    def _template(self, row: Row, source: Unit, present: Unit | None) -> str:
        """Return the text with its placeholders as the source writes them."""
        if (present or source).kind != "template":
            return row.target
        compared = compare(source.text, row.target)
        if compared.lost:
            self._wrong(row, f"has lost {', '.join(compared.lost)}: put it back")
        if compared.new:
            new = ", ".join(compared.new)
            self._wrong(row, f"has {new}, which its source has not: take it out")
        if not (compared.lost or compared.new):
            self._compile(row, compared.text)
        return compared.text

    def _compile(self, row: Row, text: str) -> None:
        try:
            environment = self._kit.wordings.environment(self._head.target)
            compile_template(environment, text, row.key)
        except TemplateError as error:
            self._wrong(row, f"is no template: {error.message}")

    def content(self, texts: dict[str, str]) -> dict[str, Any]:
        """Return the file that the texts make; what it would not take is a fault."""
        present = self._action.trees.get(self._head.target)
        posts = {post.id: post for post in self._action.words[self._head.source].posts}
        try:
            content = filled(present.value if present else {}, texts, posts)
        except Gap as gap:
            self.faults.append(f"{gap}: a list has no gaps")
            return {}
        for at, message in vetting.faults(content, Words, self._kit.now.date()):
            row = self._row_at(at, content)
            where = f"row {row.number}, {row.key!r}" if row else ".".join(map(str, at)) or "it"
            self.faults.append(f"{where}: {message}")
        return content

    def _row_at(self, at: tuple[str | int, ...], content: dict[str, Any]) -> Row | None:
        """Return the row whose text stands at a place."""
        parts = [str(part + 1) if isinstance(part, int) else part for part in at]
        if at[:1] == ("posts",) and len(at) > 1:
            parts = ["posts", content["posts"][at[1]].get("id", "")]
        return self._rows.get(".".join(parts))


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 60 else f"{line[:59]}…"  # noqa: PLR2004 - of a line on a screen


def _translation(  # noqa: PLR0913, PLR0917 - what was read, and of what
    kit: "Toolkit",
    action: Action,
    head: Head,
    content: dict[str, Any],
    texts: dict[str, str],
    left: list[str],
) -> Translation:
    present = action.trees.get(head.target)
    old = {key: unit.text for key, unit in _units(action, head.target).items()}
    touched = {part_of(key) for key, text in texts.items() if text != old.get(key)}
    open_ = {part_of(key) for key in left}
    recorded, behind = _recorded(action, head, touched, open_)
    found = Translation(action.id, head.source, head.target, None, left, behind)
    if not touched:
        return found
    content["translated_from"] = {"language": head.source, "digests": recorded}
    path = action.folder / f"{head.target}.yaml"
    before = _text(path) if present else None
    after = writing.dump(content, path) if before is None else writing.revise(before, content, path)
    files.decode(tree.parse(after.removeprefix("\ufeff"), path), Words, kit.now.date())
    return found._replace(change=Change(path.name, before, after))


def _text(path: Path) -> str:
    with path.open(encoding="utf-8", newline="") as file:
        return file.read()


def _recorded(
    action: Action, head: Head, touched: set[str], left: set[str]
) -> tuple[dict[str, str], list[str]]:
    """Return what the translation is made from, and the parts in which it is behind that.

    A part that was brought back as it was is as new as it was: nobody may have looked at it. Where
    nothing was on record, all that the file brings is.
    """
    now = digests(action.words[head.source])
    words = action.words.get(head.target)
    made = words.translated_from if words else None
    old = made.digests if made and made.language == head.source else {}
    whole = {part for part in now if part not in left and (part in touched or not old)}
    found = {part: now[part] if part in whole else old.get(part) for part in {**now, **old}}
    behind = [part for part in now if old.get(part, now[part]) != now[part] and part not in whole]
    return {part: value for part, value in found.items() if value}, behind


def write(kit: "Toolkit", found: Translation) -> None:
    """Write the file of the language: all of it, or nothing."""
    if kit.project.root is None:
        raise UasocialError("the sample stays as it is: `uasocial init` makes a project of yours")
    if found.change:
        folders.replace_case(
            kit.project.actions, found.action, {found.change.name: found.change.after}
        )
