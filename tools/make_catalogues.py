"""Gathers what the site says, from its code and its templates, into the catalogues of translators.

`python tools/make_catalogues.py` rewrites `src/uasocial/site/locale/messages.pot` and brings each
`<language>.po` up to date: new sentences are added untranslated, old ones go. `--check` only tells
what is out of date or untranslated, and exits 1.
"""

import io
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from uasocial.settings import SITE_LANGUAGES

ROOT = Path(__file__).parent.parent
SITE = ROOT / "src" / "uasocial" / "site"
LOCALE = SITE / "locale"
TEMPLATE = LOCALE / "messages.pot"
METHODS = [("**.py", "python"), ("**.j2", "jinja2")]
OPTIONS = {"**.j2": {"trimmed": "false", "silent": "false"}}
KEYWORDS: dict[str, tuple[int, ...] | None] = {"_": None, "gettext": None, "ngettext": (1, 2)}


def gathered() -> Catalog:
    """Return all that the site says, in the order of its files."""
    found = Catalog(project="uasocial", charset="utf-8")
    for name, _, message, comments, context in extract_from_dir(
        str(SITE), METHODS, OPTIONS, keywords=KEYWORDS
    ):
        # Line numbers would change with every edit, and tell a translator nothing.
        found.add(message, locations=[(Path(name).as_posix(), 0)], auto_comments=comments,
                  context=context)  # fmt: skip
    return found


def updated(language: str, template: Catalog) -> Catalog:
    """Return the catalogue of a language with every sentence of *template*, and no other."""
    path = LOCALE / f"{language}.po"
    if path.exists():
        with path.open("rb") as file:
            catalogue = read_po(file, locale=language)
    else:
        catalogue = Catalog(locale=language, project="uasocial", charset="utf-8")
    catalogue.update(template, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    return catalogue


def written(catalogue: Catalog) -> bytes:
    """Return a catalogue as its file, without dates, so that the same words are the same file."""
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=100, include_lineno=False, omit_header=True)
    head = ""
    if catalogue.locale is not None:
        head = (
            'msgid ""\nmsgstr ""\n'
            f'"Language: {catalogue.locale}\\n"\n'
            '"Content-Type: text/plain; charset=utf-8\\n"\n'
            f'"Plural-Forms: {catalogue.plural_forms}\\n"\n\n'
        )
    return head.encode() + buffer.getvalue()


def main() -> None:
    check = "--check" in sys.argv
    template = gathered()
    files = {TEMPLATE: template}
    files |= {LOCALE / f"{tag}.po": updated(tag, template) for tag in SITE_LANGUAGES if tag != "en"}
    wrong = []
    for path, catalogue in files.items():
        data = written(catalogue)
        if check and (not path.exists() or path.read_bytes() != data):
            wrong.append(f"{path.relative_to(ROOT)}: out of date: run tools/make_catalogues.py")
        if not check:
            path.write_bytes(data)
        if catalogue is not template:
            lacking = [one.id for one in catalogue if one.id and not one_is_whole(one.string)]
            wrong += [f"{path.relative_to(ROOT)}: not translated: {one!r}" for one in lacking]
    print("\n".join(wrong) or "all is current and translated")
    sys.exit(1 if check and wrong else 0)


def one_is_whole(said: str | tuple[str, ...] | list[str] | None) -> bool:
    return all(said) if isinstance(said, tuple | list) else bool(said)


if __name__ == "__main__":
    main()
