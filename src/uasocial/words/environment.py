"""The sandbox that templates run in: few filters, no calls, no loops in loops, always an end.

Jinja2's sandbox keeps a template from reaching into Python. What it does not keep it from is
taking for ever or filling the memory, so the template's tree is held against a list of what may
stand in it, before any of it runs: what is not on the list is an error that names its line.
"""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from jinja2 import StrictUndefined, Template, TemplateSyntaxError, UndefinedError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from uasocial.errors import TemplateError, nearest
from uasocial.words.optional import OptionalTag
from uasocial.words.views import View

__all__ = ["Compiled", "Environment", "compile_template", "render"]

MAX_SOURCE = 20_000
MAX_OUTPUT = 100_000
MAX_MESSAGE = 300
# Each may make a copy of the longest text there is; together they stay within a second.
MAX_EXPRESSIONS = 400

_ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Const, nodes.Name, nodes.Filter,
    nodes.Test, nodes.Getattr, nodes.Getitem, nodes.If, nodes.CondExpr, nodes.Compare,
    nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.For, nodes.Concat,
)  # fmt: skip
_FROM_JINJA = ("capitalize", "first", "last", "length", "lower", "trim", "upper")
_TESTS = ("defined", "undefined")
_LISTS = ("demands", "targets")


class Environment(ImmutableSandboxedEnvironment):
    """A sandbox whose values are plain texts and numbers, and views that show what they list."""

    def __init__(self) -> None:
        super().__init__(
            extensions=[OptionalTag], undefined=StrictUndefined, keep_trailing_newline=False
        )
        self.globals.clear()
        self.filters = {name: self.filters[name] for name in _FROM_JINJA} | {"join": _join}
        self.tests = {name: self.tests[name] for name in _TESTS}

    def getattr(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, View) and attribute in obj.shown:
            return obj.shown[attribute]
        hint = nearest(attribute, obj.shown) if isinstance(obj, View) else ""
        return self.undefined(f"there is no {attribute!r} here{hint}", obj=obj, name=attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        if isinstance(obj, tuple | list) and isinstance(argument, int):
            try:
                return obj[argument]
            except IndexError:
                return self.undefined(f"the list has no item {argument}")
        return self.getattr(obj, str(argument))


class Compiled(NamedTuple):
    """A template, and the names of the filters it uses."""

    template: Template
    filters: frozenset[str]


def compile_template(environment: Environment, source: str, name: str, line: int = 0) -> Compiled:
    """Compile *source*; raise TemplateError under *name*, counting lines on from *line*."""
    if len(source) > MAX_SOURCE:
        raise TemplateError(name, line, f"is longer than {MAX_SOURCE:,} characters")
    try:
        tree = environment.parse(source, name)
        for at, fault in _faults(tree, environment):
            raise TemplateError(name, line + at, fault)
        filters = frozenset(found.name for found in tree.find_all(nodes.Filter))
        code = environment.compile(tree, name, name)
    except TemplateSyntaxError as error:
        raise TemplateError(name, line + error.lineno, str(error.message)) from None
    except (RecursionError, MemoryError, SyntaxError, ValueError, OverflowError) as error:
        raise TemplateError(name, line, f"cannot be read: {error}") from None
    template = Template.from_code(environment, code, environment.make_globals(None))
    return Compiled(template, filters)


def _faults(tree: nodes.Template, environment: Environment) -> Iterator[tuple[int, str]]:
    if sum(1 for _ in tree.find_all(nodes.Expr)) > MAX_EXPRESSIONS:
        yield 1, f"holds more than {MAX_EXPRESSIONS} expressions: make two templates of it"
        return
    for node in tree.find_all(nodes.Node):
        yield from ((node.lineno, fault) for fault in _of_node(node, environment))


def _of_node(node: nodes.Node, environment: Environment) -> Iterator[str]:
    if isinstance(node, nodes.Call):
        yield "a template calls nothing: use a filter, as in {{ action | link }}"
    elif isinstance(node, nodes.BinExpr) and not isinstance(node, _ALLOWED):
        yield f"a template does not calculate: {node.operator!r} has no place in it"
    elif isinstance(node, nodes.Filter) and node.name not in environment.filters:
        yield f"there is no filter {node.name!r}{nearest(node.name, environment.filters)}"
    elif isinstance(node, nodes.Test) and node.name not in environment.tests:
        yield f"there is no test {node.name!r}; there are: {', '.join(_TESTS)}"
    elif isinstance(node, nodes.For):
        if node.recursive or any(node.find_all(nodes.For)):
            yield "a loop stands inside another: a template has one level of them"
        if not (isinstance(node.iter, nodes.Name) and node.iter.name in _LISTS):
            yield f"a loop goes over {' or '.join(_LISTS)}, as in {{% for demand in demands %}}"
    elif isinstance(node, nodes.Getattr | nodes.Getitem) and _is_private(node):
        yield "a name that begins with _ is not for templates"
    elif not isinstance(node, _ALLOWED):
        yield f"`{type(node).__name__.lower()}` has no place in a template"


def _is_private(node: nodes.Getattr | nodes.Getitem) -> bool:
    if isinstance(node, nodes.Getattr):
        return node.attr.startswith("_")
    return not isinstance(node.arg, nodes.Const) or str(node.arg.value).startswith("_")


def render(template: Template, context: dict[str, Any], name: str, line: int = 0) -> str:
    """Render, or raise TemplateError under *name*: undefined names, wrong values, too much."""
    try:
        return "".join(_capped(template.generate(context)))
    except UndefinedError as error:
        message = _undefined(str(error.message), context)
        raise TemplateError(name, line + _line_in(template, error), message) from None
    except Exception as error:  # noqa: BLE001 - a filter may be a plugin's, and raise anything
        message = str(error)[:MAX_MESSAGE]
        raise TemplateError(name, line + _line_in(template, error), message) from None


def _capped(pieces: Iterable[str], seam: int = 0) -> Iterator[str]:
    """Yield *pieces* until they are too many; each costs *seam* characters more."""
    room = MAX_OUTPUT
    for piece in pieces:
        room -= len(piece) + seam
        if room < 0:
            raise ValueError(f"renders more than {MAX_OUTPUT:,} characters")
        yield piece


def _join(items: Iterable[object], between: str = "") -> str:
    """Join as Jinja2 does, as far as an output may go."""
    return str(between).join(_capped(map(str, items), len(str(between))))


def _line_in(template: Template, error: Exception) -> int:
    """Return the line of *template* at which *error* arose; Jinja2 writes it into the traceback."""
    line, trace = 0, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == template.filename:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _undefined(message: str, context: dict[str, Any]) -> str:
    name = message.removesuffix("' is undefined").removeprefix("'")
    return message if name == message else message + nearest(name, context)
