"""How values are written: the dialect of YAML that `tree` reads, in the order of the model.

ruamel.yaml serves as a writer of texts alone: what a plain text stands for is decided in `tree`.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import inspect

from uasocial.errors import CaseError
from uasocial.model import tree
from uasocial.model.facts import Facts
from uasocial.model.wording import Words

if TYPE_CHECKING:
    from ruamel.yaml import YAML

__all__ = [
    "INDENT",
    "Plain",
    "exchanged",
    "fitted",
    "forbidden",
    "in_order",
    "load",
    "node",
    "texts",
    "valued",
    "written",
    "yaml_error",
]

WIDTH = 100
INDENT = 2
# Posts are literal even in one line: word for word, as they are counted.
LITERAL = ("text", "template")

# A space that a line may end at: none beside it, and none at the ends.
_FOLD = re.compile(r"(?<=\S) (?=\S)")

Plain = dict[str, Any]


def forbidden(text: str) -> str:
    """Return the first character of *text* that no file of a case may hold, as U+202E, or ``""``.

    Line ends other than a line feed are among them: YAML would read them as one.
    """
    found = tree.FORBIDDEN.search(text)
    return f"U+{ord(found[0]):04X}" if found else ""


# --- what is meant ---------------------------------------------------------------------------


@cache
def _type_of(kind: type) -> inspect.Type:
    return inspect.type_info(kind)


def _kind_of(content: Mapping[str, Any]) -> inspect.Type:
    """Tell words from facts: they share no key."""
    words = set(content) & set(Words.__struct_fields__)
    return _type_of(Words if words else Facts)


def in_order(content: Mapping[str, Any]) -> Plain:
    """Return facts or words in the order of the model, without what says nothing."""
    found: Plain = _ordered(content, _kind_of(content))
    return found


def _ordered(value: Any, kind: inspect.Type | None) -> Any:
    """Return *value* in the order of its noun, without what is nothing."""
    if isinstance(value, Mapping):
        return _ordered_keys(value, _bare(kind, inspect.StructType, inspect.DictType))
    if isinstance(value, list | tuple):
        of = _bare(kind, inspect.VarTupleType)
        inner = of.item_type if isinstance(of, inspect.VarTupleType) else None
        return [_ordered(item, inner) for item in value if not _is_nothing(item)]
    return value


def _ordered_keys(value: Mapping[str, Any], kind: inspect.Type | None) -> Plain:
    if not isinstance(kind, inspect.StructType):
        inner = kind.value_type if isinstance(kind, inspect.DictType) else None
        return {k: _ordered(v, inner) for k, v in value.items() if not _is_nothing(v)}
    fields = {field.encode_name: field for field in kind.fields}
    found = {}
    for key in (
        *(name for name in fields if name in value),
        *(k for k in value if k not in fields),
    ):
        field = fields.get(key)
        inner = _ordered(value[key], field.type if field else None)
        if not _is_nothing(inner) and not (inner in ([], {}) and _is_default(field, inner)):
            found[key] = inner
    return found


def _is_nothing(value: Any) -> bool:
    return value is None or value == ""


def _is_default(field: inspect.Field | None, empty: Any) -> bool:
    """Tell whether an empty list or mapping may be left out: a field may mean more by it."""
    if field is None:
        return True
    made = field.default_factory
    default = made() if callable(made) else field.default
    return not field.required and default is not None and list(default) == list(empty)


def _bare(kind: inspect.Type | None, *wanted: type[inspect.Type]) -> inspect.Type | None:
    """Return what *kind* is beneath its limits and alternatives, if it is one of *wanted*."""
    while isinstance(kind, inspect.Metadata):
        kind = kind.type
    if isinstance(kind, inspect.UnionType):
        return next(filter(None, (_bare(member, *wanted) for member in kind.types)), None)
    return kind if isinstance(kind, wanted) else None


def texts(value: Any, at: tree.At = ()) -> Iterator[tuple[tree.At, str]]:
    """Yield every text, keys too, and where it stands."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield (*at, key), key
            yield from texts(item, (*at, key))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from texts(item, (*at, number))
    elif isinstance(value, str):
        yield at, value


# --- how it is written -----------------------------------------------------------------------


@cache
def _make_yaml() -> Callable[[], "YAML"]:
    """Return a maker of writers; one serves a single time."""
    from ruamel.yaml import YAML  # noqa: PLC0415 - most runs write no file
    from ruamel.yaml.resolver import BaseResolver  # noqa: PLC0415

    class Texts(BaseResolver):
        """Takes every plain value for a text: `true` and 12 are written as they were read."""

        processing_version = (1, 2)

        def __init__(self, loader: object = None, **_: object) -> None:
            super().__init__(loader)

    def make() -> YAML:
        yaml = YAML()
        yaml.Resolver = Texts
        yaml.preserve_quotes = True
        yaml.width = tree.MAX_BYTES  # where a text is folded is decided here, not there
        yaml.indent(mapping=INDENT, sequence=2 * INDENT, offset=INDENT)
        return yaml

    return make


def yaml_error() -> type[Exception]:
    from ruamel.yaml.error import YAMLError  # noqa: PLC0415

    kind: type[Exception] = YAMLError
    return kind


def written(root: Any) -> str:
    """Return what *root*, a node, is as a file."""
    out = StringIO()
    _make_yaml()().dump(root, out)
    return out.getvalue()


def load(text: str) -> Any:
    """Return a file as nodes, with its comments."""
    return _make_yaml()().load(text)


def node(value: Any, column: int, lead: int = 0, key: str = "") -> Any:
    """Return *value* as ruamel writes it.

    *column* is where its lines begin, but for the first if a *key* stands there, *lead* wide.
    """
    from ruamel.yaml.comments import CommentedMap, CommentedSeq  # noqa: PLC0415

    if isinstance(value, dict):
        return CommentedMap((_text(k, 0), valued(k, v, column)) for k, v in value.items())
    if isinstance(value, list):
        items = CommentedSeq(node(item, column + INDENT) for item in value)
        if _in_one_line(value, column + lead):
            items.fa.set_flow_style()
        return items
    return _text(value, column, lead, key) if isinstance(value, str) else _literally(value)


def valued(key: str, value: Any, column: int) -> Any:
    return node(value, column + INDENT, len(key), key)


def _literally(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _in_one_line(items: list[Any], column: int) -> bool:
    """Tell whether *items* are short words, such as codes and addresses of mail."""
    words = [item for item in items if isinstance(item, str)]
    short = sum(len(word) + 4 for word in words) < WIDTH - column
    return not items or (len(words) == len(items) and short and not any(map(_has_space, words)))


def _has_space(text: str) -> bool:
    return any(map(str.isspace, text))


def _text(text: str, column: int, lead: int = 0, key: str = "") -> Any:
    """Return *text* in the style that suits it and is read back as it is."""
    from ruamel.yaml import scalarstring as styles  # noqa: PLC0415

    if column and _keeps_in_a_block(text):
        if "\n" in text or key in LITERAL:
            return styles.LiteralScalarString(text)
        if column + lead + len(text) > WIDTH and _FOLD.search(text):
            folded = styles.FoldedScalarString(text)
            folded.fold_pos = list(_folds(text, WIDTH - column))
            return folded
    return text if _reads_plain(text) else styles.DoubleQuotedScalarString(text)


def _keeps_in_a_block(text: str) -> bool:
    """Tell whether a literal or folded block gives *text* back, without a sign for its indent."""
    if text != text.strip() or "\x85" in text or "\t" in text:
        return False
    return not any(line != line.rstrip(" ") for line in text.split("\n"))


def _folds(text: str, room: int) -> Iterator[int]:
    """Yield the spaces at which a text of one line is folded into lines of *room*."""
    begin = last = 0
    for at in (*(m.start() for m in _FOLD.finditer(text)), len(text)):
        if at - begin > room and last > begin:
            yield last
            begin = last + 1
        last = at


def _reads_plain(text: str) -> bool:
    """Ask the reader itself whether *text* needs no quotes.

    What separates items in brackets is no matter here: there ruamel sets the quotes.
    """
    if "\n" in text or "\t" in text or not isinstance(tree.resolve(text), str):
        return False
    forms = {"- {}": [text], "a: {}\nb: c": {"a": text, "b": "c"}}
    if not set(",[]{}").intersection(text):
        forms["[{}]"] = [text]
    try:
        return all(tree.parse(f.format(text), Path()).value == says for f, says in forms.items())
    except CaseError:
        return False


def exchanged(parent: Any, key: str | int, new: Any) -> Any:
    """Return *new* in one line where a comment follows: behind a block it would become text."""
    from ruamel.yaml import scalarstring as styles  # noqa: PLC0415

    if key in parent.ca.items and getattr(new, "style", "") in ("|", ">"):
        return styles.DoubleQuotedScalarString(new)
    return fitted(parent, new)


def fitted(parent: Any, new: Any) -> Any:
    """Return *new* as it may stand in *parent*: in brackets nothing is folded."""
    return _unfolded(new) if parent.fa.flow_style() else new


def _unfolded(value: Any) -> Any:
    from ruamel.yaml import scalarstring as styles  # noqa: PLC0415

    if isinstance(value, dict | list):
        for key in list(value) if isinstance(value, dict) else range(len(value)):
            value[key] = _unfolded(value[key])
    elif isinstance(value, styles.FoldedScalarString):
        return str(value) if _reads_plain(str(value)) else styles.DoubleQuotedScalarString(value)
    return value
