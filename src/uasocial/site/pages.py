"""The HTML of the site: Jinja2, with whatever is put into a page shown as text."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import (
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    StrictUndefined,
    TemplateError,
    TemplateNotFound,
    pass_context,
)
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from uasocial import errors, languages
from uasocial.site.interface import direction

if TYPE_CHECKING:
    from uasocial.site.interface import Interface

__all__ = ["TEMPLATES", "Pages"]

TEMPLATES = Path(__file__).with_name("templates")
# What no text of a page holds: controls but for tab and line feed, and surrogates on their own.
_INVISIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


class Pages:
    """Renders the templates of the site; those in *own*, a section's folder, go before ours."""

    def __init__(self, own: Iterable[Path] = ()) -> None:
        folders = [folder for folder in own if folder.is_dir()]
        # Our own templates reach for nothing; what a project brings is held in a sandbox.
        kind = ImmutableSandboxedEnvironment if folders else Environment
        self.environment: Environment = kind(
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            finalize=_shown,
            extensions=["jinja2.ext.i18n"],
            # `ours/` names our own template where a section's has the same name, to build on it.
            loader=ChoiceLoader([_Files([*folders, TEMPLATES]), _Ours()]),
        )
        self.environment.install_gettext_callables(  # type: ignore[attr-defined]
            _gettext, _ngettext, newstyle=True
        )
        self.environment.globals["dir_of"] = direction
        self.environment.filters["phone"] = _phone
        self.environment.filters["number"] = languages.number
        self.environment.tests["address"] = _is_address

    def render(self, name: str, **values: Any) -> bytes:
        """Render a template; raise UasocialError where it is wrong."""
        try:
            return self.environment.get_template(name).render(**values).encode()
        except errors.UasocialError:
            raise
        except Exception as error:
            where, line = _place_of(error) or ("", 0)
            if not where and not isinstance(error, TemplateError):
                raise
            # Of a fault of grammar Jinja2 itself knows the place.
            where = where or getattr(error, "filename", None) or name
            line = getattr(error, "lineno", 0) or line
            raise errors.TemplateError(where, line, _said(error)) from None


class _Files(FileSystemLoader):
    """Finds templates in folders, and knows which one is no text."""

    def get_source(self, environment: Any, template: str) -> Any:
        try:
            return super().get_source(environment, template)
        except UnicodeDecodeError:
            places = (Path(folder, template) for folder in self.searchpath)
            found = next((place for place in places if place.is_file()), template)
            raise errors.TemplateError(str(found), 0, "is not UTF-8: save it as UTF-8") from None


class _Ours(FileSystemLoader):
    """Finds our own templates under `ours/`."""

    def __init__(self) -> None:
        super().__init__(TEMPLATES)

    def get_source(self, environment: Any, template: str) -> Any:
        return super().get_source(environment, template.removeprefix("ours/"))


def _place_of(error: BaseException) -> tuple[str, int] | None:
    """Return the template that an error came from, and the line, or None."""
    found, trace = None, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename.endswith(".j2"):
            found = (trace.tb_frame.f_code.co_filename, trace.tb_lineno)
        trace = trace.tb_next
    return found


def _said(error: Exception) -> str:
    """Say what is wrong in a template, and what to do where that is not plain."""
    if isinstance(error, RecursionError):
        return "it is built on itself: to build on ours, write `ours/` in front of its name"
    if isinstance(error, TemplateNotFound):
        known = [path.name for path in TEMPLATES.glob("*.j2")]
        return f"there is no template {error.name!r}{errors.nearest(str(error.name), known)}"
    return str(error) if isinstance(error, TemplateError) else repr(error)


def _interface(context: Context) -> "Interface":
    found: Interface = context["interface"]
    return found


@pass_context
def _gettext(context: Context, message: str) -> str:
    return _interface(context).gettext(message)


@pass_context
def _ngettext(context: Context, one: str, many: str, count: int) -> str:
    return _interface(context).plural(one, many, count)


def _shown(value: Any) -> Any:
    """Return *value* as it can be shown: what nobody would see gets a sign of its own."""
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    return _INVISIBLE.sub("\ufffd", value) if _INVISIBLE.search(value) else value


def _phone(number: str) -> str:
    """Write a number as people read it: +41 31 351 85 70."""
    from phonenumbers import NumberParseException, PhoneNumberFormat, format_number, parse  # noqa: PLC0415  # noqa: PLC0415 - only a page with one needs it

    try:
        return str(format_number(parse(number), PhoneNumberFormat.INTERNATIONAL))
    except NumberParseException:
        return number


def _is_address(text: str | None) -> bool:
    """Tell whether a text may be followed with a click: `javascript:` is an address, too."""
    return text is not None and text.startswith(("https://", "http://"))
