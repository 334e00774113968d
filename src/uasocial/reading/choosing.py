"""Which layout reads a document: the one that fits best, and never one of two by chance."""

from collections.abc import Iterator, Sequence

from uasocial.errors import DocumentError, UasocialError
from uasocial.model.codes import is_language
from uasocial.plugins import PluginHost
from uasocial.reading.document import Document, Line
from uasocial.reading.found import FACTS, Doubt, Field, Match, Reading

__all__ = ["THRESHOLD", "candidates", "choose", "read"]

# Below this a document shares a few words with a layout, and no more.
THRESHOLD = 0.5
MAX_PARTS = 18

Candidate = tuple[str, Match]


def read(host: PluginHost, document: Document) -> Reading:
    """Read *document* by the layout that fits best; a plugin that fails leaves it to the next."""
    matches = list(candidates(host, document))
    while True:
        best = choose(document, matches)
        plugin = next(name for name, match in matches if match is best)
        try:
            return _sound(best.read(), document)
        except UasocialError:
            raise
        except (Exception, SystemExit) as error:  # noqa: BLE001 - a layout may be a plugin's
            host.fail(plugin, f"the layout {best.layout!r} failed: {error!r}")
            matches = [(name, match) for name, match in matches if name != plugin]
            if not any(match.score >= THRESHOLD for _, match in matches):
                raise DocumentError(
                    document.name, f"the layout {best.layout!r} failed on it: {error!r}"
                ) from None


def candidates(host: PluginHost, document: Document) -> Iterator[Candidate]:
    """Yield what each layout makes of *document*; a plugin that gives something else is put out."""
    for plugin, matches in host.each("read_document", document=document):
        if all(map(_is_match, matches)):
            yield from ((plugin, match) for match in matches)
        else:
            host.fail(plugin, "read_document gave something that is no Match")


def choose(document: Document, matches: Sequence[Candidate]) -> Match:
    """Return the best of (plugin, match); raise DocumentError where none fits, or two equally."""
    if not matches:
        raise DocumentError(document.name, "is no urgent action: no layout knows such a document")
    best = max((match for _, match in matches), key=lambda match: match.score)
    if best.score < THRESHOLD:
        lacking = ", no ".join(best.lacking) or f"likeness to a {best.layout}"
        raise DocumentError(document.name, f"is no urgent action: there is no {lacking}")
    equal = [(plugin, match) for plugin, match in matches if match.score == best.score]
    if len(equal) > 1:
        names = " and ".join(f"{match.layout!r} ({plugin})" for plugin, match in equal)
        raise DocumentError(
            document.name, f"fits {names} equally: leave the plugin of one of them out"
        )
    return best


# What a plugin gave is held to its shape, whatever its types promise.


def _is_match(found: object) -> bool:
    return (
        isinstance(found, Match)
        and _is(found.layout, str)
        and _is(found.score, int, float)
        and 0 <= found.score <= 1
        and _is_tuple(found.lacking, str)
        and callable(found.read)
    )


def _sound(reading: object, document: Document) -> Reading:
    """Return *reading* if it is one of *document*, in all its parts; raise TypeError otherwise."""
    if not isinstance(reading, Reading) or reading.document != document:
        raise TypeError("it gave no Reading of the document")
    if (
        not _is(reading.layout, str)
        or not _is_tuple(reading.fields, Field)
        or not _is_tuple(reading.headings, int)
        or not _are_lines(reading.furniture)
        or not _are_lines(reading.unplaced)
        or not all(map(_is_doubt, reading.doubts))
    ):
        raise TypeError("it gave a Reading with parts that are none")
    wrong = [field for field in reading.fields if not _is_field(field)]
    if wrong:
        raise TypeError(f"it gave {wrong[0]!r:.200}, which is no Field of a case")
    return reading


def _is(value: object, *kinds: type) -> bool:
    return isinstance(value, kinds)


def _is_tuple(value: object, kind: type) -> bool:
    return isinstance(value, tuple) and all(isinstance(item, kind) for item in value)


def _are_lines(value: object) -> bool:
    return _is_tuple(value, Line) and all(
        _is(line.number, int) and _is(line.text, str)
        for line in value  # type: ignore[attr-defined] # a tuple by now
    )


def _is_doubt(doubt: object) -> bool:
    return isinstance(doubt, Doubt) and _is(doubt.line, int) and _is(doubt.message, str)


def _is_field(field: Field) -> bool:
    at = field.at
    return (
        _is_tuple(at, str | int)  # type: ignore[arg-type]  # isinstance takes a union as well
        and 1 < len(at) <= MAX_PARTS
        and isinstance(at[1], str)
        and (at[0] == FACTS or (isinstance(at[0], str) and is_language(at[0])))
        and not any(isinstance(part, int) and part < 0 for part in at)
        and _is_tuple(field.lines, int)
        and _is_value(field.value)
    )


def _is_value(value: object) -> bool:
    """Tell whether *value* is a text, a number, a truth value, a list of texts, or empty."""
    if isinstance(value, list):
        return all(isinstance(item, str) for item in value)
    return isinstance(value, str | bool | int) or value == {}
