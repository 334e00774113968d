"""Where words come from: the posts of a case, and the templates of each language."""

import re
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

from jinja2 import Template

from uasocial.errors import NotFound, TemplateError
from uasocial.model import OCCASIONS, Action, Post
from uasocial.words.environment import Compiled, Environment, compile_template

__all__ = ["STANDARD", "Wording", "Wordings", "handles_in"]

STANDARD = "standard"
MAX_BYTES = 100_000
# More than a case and the templates of its languages need; those of files are kept besides.
MAX_COMPILED = 200

# What every platform links, and more: only a letter or digit before the @, as in an e-mail address,
# makes it none. After / or = it may stand in a web address: then the platforms' own rules decide.
_HANDLE = re.compile(r"(?<![A-Za-z0-9_/=])[@＠]([A-Za-z0-9_](?:[\w.@-]*\w)?)", re.ASCII)
_DOUBTFUL = re.compile("[/=][@＠]")

Prepare = Callable[[Environment, str], None]


class Wording(NamedTuple):
    """One way to say it: a literal *text*, or a *template*; *source* and *line* say whose."""

    id: str
    text: str | None
    template: Template | None
    source: str
    line: int
    says_days: bool = False


class Wordings:
    """Finds and compiles wordings; *folders* of templates are searched in their order."""

    def __init__(self, folders: Iterable[Path], prepare: Prepare) -> None:
        self._folders = tuple(folders)
        self._prepare = prepare
        # A cache of each instance's own: what is compiled goes when the instance goes.
        self.environment = cache(self._environment)
        self.standard = cache(self._standard)
        self._templates = cache(self._all_templates)
        self._sets = cache(self._all_sets)
        self._compiled: dict[tuple[str, str], Compiled] = {}
        # Of the last case alone: there may be thousands, and one goes after the other.
        self._action: Action | None = None
        self._found: dict[tuple[str, str, str], list[Wording]] = {}

    def find(self, action: Action, language: str, platform: str, occasion: str) -> list[Wording]:
        """List the wordings of an *occasion*; NotFound where the language has no template of it."""
        if action is not self._action:
            self._action = action
            self._found.clear()
        key = (language, platform, occasion)
        if key not in self._found:
            self._found[key] = self._find(action, language, platform, occasion)
        return self._found[key]

    def _find(self, action: Action, language: str, platform: str, occasion: str) -> list[Wording]:
        if occasion not in OCCASIONS:
            raise NotFound("occasion", occasion, OCCASIONS)
        own = self._posts(action, language, platform) if occasion == "appeal" else []
        return own or [self.standard(language, occasion, platform)]

    def _posts(self, action: Action, language: str, platform: str) -> list[Wording]:
        """List the posts for *platform*; where templates treat it apart, those that name it."""
        apart = self._override(language, "appeal", platform) is not None
        return [
            self._of_post(action, language, number, post)
            for number, post in enumerate(action.words[language].posts)
            if _is_for(post, action, platform) and not (apart and post.platforms is None)
        ]

    def languages(self) -> list[str]:
        """List the languages that have templates."""
        return sorted(self._sets())

    def missing(self) -> list[tuple[str, str]]:
        """List (language, file name) of each occasion that a language with templates lacks."""
        return [
            (language, f"{occasion}.j2")
            for language, names in sorted(self._sets().items())
            for occasion in OCCASIONS
            if f"{occasion}.j2" not in names
        ]

    def files(self) -> dict[str, Path]:
        """Return the templates by `<language>/<file>`."""
        return dict(self._templates())

    def folder_of(self, language: str) -> Path:
        """Return the first folder that holds templates of *language*."""
        return next(f / language for f in self._folders if any((f / language).glob("*.j2")))

    def _all_sets(self) -> dict[str, set[str]]:
        sets: dict[str, set[str]] = {}
        for path in self._templates().values():
            sets.setdefault(path.parent.name, set()).add(path.name)
        return sets

    def _all_templates(self) -> dict[str, Path]:
        """Return the templates by `<language>/<file>`; what an earlier folder has goes first."""
        return {
            f"{path.parent.name}/{path.name}": path
            for folder in reversed(self._folders)
            for path in folder.glob("*/*.j2")
        }

    def _environment(self, language: str) -> Environment:
        environment = Environment()
        self._prepare(environment, language)
        return environment

    def _override(self, language: str, occasion: str, platform: str) -> Path | None:
        return self._templates().get(f"{language}/{occasion}.{platform}.j2")

    def _standard(self, language: str, occasion: str, platform: str) -> Wording:
        general = self._templates().get(f"{language}/{occasion}.j2")
        path = self._override(language, occasion, platform) or general
        if path is None:
            raise NotFound(f"template {occasion!r} for the language", language, self.languages())
        return self._template(STANDARD, language, _read(path), str(path), 0)

    def _of_post(self, action: Action, language: str, number: int, post: Post) -> Wording:
        kind = "text" if post.template is None else "template"
        place = action.place(language, ("posts", number, kind), "")
        if post.template is None:
            return Wording(post.id, post.text, None, str(place.path), place.line)
        return self._template(post.id, language, post.template, str(place.path), place.line)

    def _template(self, name: str, language: str, source: str, path: str, line: int) -> Wording:
        key = (language, source)
        if key not in self._compiled:
            if len(self._compiled) >= MAX_COMPILED:
                self._compiled.clear()
            self._compiled[key] = compile_template(self.environment(language), source, path, line)
        template, filters = self._compiled[key]
        return Wording(name, None, template, path, line, "days_left" in filters)


def _read(path: Path) -> str:
    if path.is_symlink() or not path.is_file():
        raise TemplateError(str(path), 0, "is no plain file: put the file itself there")
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise TemplateError(str(path), 0, f"is larger than {MAX_BYTES:,} bytes")
        return data.decode("utf-8-sig").rstrip("\n")
    except OSError as error:
        raise TemplateError(str(path), 0, f"cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise TemplateError(str(path), 0, "is not UTF-8: save it as UTF-8") from None


def handles_in(text: str) -> list[str]:
    """List the handles in a text, without their @: all that any platform might link."""
    if "@" not in text and "＠" not in text:
        return []
    found = _HANDLE.findall(text)
    if _DOUBTFUL.search(text):
        found += _linked_handles(text)
    return list(dict.fromkeys(found))


def _linked_handles(text: str) -> list[str]:
    """List the handles that X, Mastodon or Bluesky link."""
    from uasocial.text import bluesky, mastodon, x  # noqa: PLC0415 - few texts need them

    links = x.urls(text)
    on_x = [m for m in x.mentions(text) if not any(u.start <= m.start < u.end for u in links)]
    facets = [facet.value for facet in bluesky.facets(text) if facet.kind == "mention"]
    return [span.value for span in (*on_x, *mastodon.mentions(text))] + facets


def _is_for(post: Post, action: Action, platform: str) -> bool:
    """Tell whether a post may stand on *platform*: a handle never crosses to another one."""
    if post.platforms is not None:
        return platform in post.platforms
    if post.text is None:
        return True
    return all(_is_handle_on(handle, action, platform) for handle in handles_in(post.text))


def _is_handle_on(handle: str, action: Action, platform: str) -> bool:
    facts = action.facts
    known = {h.handles.get(platform, "") for t in facts.targets for h in t.holders}
    known.update(facts.mentions.get(platform, ()))
    return handle.casefold() in {k.casefold() for k in known}
