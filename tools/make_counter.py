"""Write the tables of the counter in the browser, as the Python modules have them.

The counter itself is src/uasocial/site/static/count.js; a page loads beside it what the rule needs
by which it counts. A set of characters is written as the gaps between its edges, in base 36.
"""

# What the modules keep to themselves is read here: it is what they count by.
# ruff: noqa: SLF001

import json
import re
import stringprep
import sys
import unicodedata
from collections.abc import Iterable
from functools import cache
from importlib.metadata import version
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

import regex

from uasocial.text import mastodon, mastodon_urls, sms, x, x_domains, x_emoji, x_urls
from uasocial.text.tables import x_classes, x_tlds
from uasocial.text.tables import x_emoji as emoji

FOLDER = Path(__file__).parent.parent / "src" / "uasocial" / "site" / "static"

Table = dict[str, Any]

_BASE_36 = "0123456789abcdefghijklmnopqrstuvwxyz"


def files() -> dict[str, str]:
    """Return the text of each file of tables by the file's name."""
    return {
        f"count-{name}.js": _file(name, *make())
        for name, make in {
            "graphemes": _graphemes,
            "mastodon": _mastodon,
            "sms": _sms,
            "tlds": _tlds,
            "x": _x,
        }.items()
    }


def _file(name: str, origin: str, table: Table) -> str:
    rows = ",\n".join(f"  {key}: {_literal(value)}" for key, value in table.items())
    return (
        f"// Generated from {origin}\n"
        "// by tools/make_counter.py: run `python tools/make_counter.py` to write it anew.\n"
        f"uasocialCount.tables.{name} = {{\n{rows},\n}};\n"
    )


def _literal(value: Any) -> str:
    """Write *value* in ASCII: a page on a disk may be read in another encoding."""
    return json.dumps(value, separators=(",", ":"))


# --- the tables ----------------------------------------------------------------------------------


def _x() -> tuple[str, Table]:
    origin = "x*.py and tables/x_*.py of uasocial.text"
    return origin, {
        "link": len(x._LINK),
        "heavy": _edges(_found(x._HEAVY)),
        "refused": "".join(_found(x._INVALID)),
        "emoji": [[rest, firsts] for rest, firsts in emoji.AFTER.items()],
        "seconds": _edges(_found(x_emoji._SECOND)),
        "tones": _letters(x_emoji._TONES),
        "longestUrl": x_urls._MAX_URL,
        "longestSlug": x_urls._MAX_SLUG,
        "longestLabel": x_domains._MAX_LABEL,
        "impliedScheme": len(x_urls._IMPLIED_SCHEME),
        "notInDomain": _edges(x_urls._OUTSIDE_LABEL),
        "notBeforeUrl": _edges(x_urls._NOT_BEFORE),
        "noSchemeAfter": "".join(sorted(x_urls._NO_SCHEME_AFTER)),
        "folds": _letters(x_domains._FOLD),
        "asciiLabel": _class(x_classes.ASCII_LABEL),
        "path": _class(x_classes.PATH),
        "pathEnd": _class(x_classes.PATH_END),
        "query": _class(x_classes.QUERY),
        "queryEnd": _class(x_classes.QUERY_END),
    }


def _tlds() -> tuple[str, Table]:
    return "tables/x_tlds.py of uasocial.text", {"ascii": x_tlds.ASCII, "other": x_tlds.OTHER}


def _mastodon() -> tuple[str, Table]:
    mention = mastodon._mention()
    old, query = mastodon_urls._old_parens(), mastodon_urls._query()
    # No letter, mark or digit is among the others.
    assigned = _found(regex.compile(r"[^\p{Cn}\p{Co}\p{Cs}]"))
    return f"mastodon*.py of uasocial.text; {_unicode()}", {
        "longestUrl": mastodon_urls.MAX_URL_LENGTH,
        "longestSlug": mastodon_urls.MAX_TCO_SLUG_LENGTH,
        "longestLabel": mastodon_urls.MAX_LABEL_LENGTH,
        "longestDomain": mastodon.MAX_DOMAIN_LENGTH,
        "longestScheme": mastodon_urls._LONGEST_SCHEME,
        "hopeless": mastodon_urls._HOPELESS,
        "schemes": mastodon_urls._SCHEME.pattern.removesuffix(r"\Z"),
        "tco": mastodon_urls._tco().pattern,
        "stripped": mastodon._STRIPPED,
        "blank": _edges(_found(mastodon._BLANK)),
        "noMentionEnd": _edges(_found(mastodon._NO_END)),
        "user": _edges(c for c in assigned if mention.fullmatch(f"@{c}")),
        "word": _edges(c for c in assigned if mention.fullmatch(f"@a@{c}")),
        "notInDomain": _class(mastodon_urls._NO_DOMAIN),
        "notBeforeUrl": "".join(sorted(mastodon_urls._NOT_BEFORE)),
        "path": _edges(_found(re.compile(mastodon_urls._GENERAL))),
        "oldPath": _edges(c for c in _all() if old.fullmatch(f"({c})")),
        "noPathEnd": mastodon_urls._NO_PATH_END,
        "query": _edges(c for c in _all() if query.fullmatch(f"?{c}")),
        "noQueryEnd": mastodon_urls._NO_QUERY_END,
        "lower": _lower(),
        "idna": _idna(),
    }


def _lower() -> list[list[str]]:
    """Pair each character with the letter of a top-level domain that it is the capital of."""
    letters = set(x_tlds.OTHER)
    return [[c, c.lower()] for c in _all() if c.lower() != c and c.lower() in letters]


def _idna() -> Table:
    """Return what Python's `encodings.idna` asks of Unicode 3.2: RFC 3454, RFC 3491."""
    old = unicodedata.ucd_3_2_0
    unassigned = set(filter(stringprep.in_table_a1, _all()))
    assigned = [char for char in _all() if char not in unassigned]
    forms = [(char, old.normalize("NFKC", char)) for char in assigned]
    return {
        "unassigned": _edges(unassigned),
        "nothing": _edges(filter(stringprep.in_table_b1, assigned)),
        "prohibited": _edges(filter(_is_prohibited, assigned)),
        "rightToLeft": _edges(filter(stringprep.in_table_d1, assigned)),
        "leftToRight": _edges(filter(stringprep.in_table_d2, assigned)),
        "lower": [[chr(code), text] for code, text in sorted(stringprep.b3_exceptions.items())],
        "corrected": [
            [char, form] for char, form in forms if form != unicodedata.normalize("NFKC", char)
        ],
    }


def _is_prohibited(char: str) -> bool:
    """Tell whether nameprep refuses *char* (RFC 3491, 5)."""
    tables = ("c12", "c22", "c3", "c4", "c5", "c6", "c7", "c8", "c9")
    return any(getattr(stringprep, f"in_table_{table}")(char) for table in tables)


_CLASSES = "CR LF Control Extend ZWJ Regional_Indicator Prepend SpacingMark L V T LV LVT".split()
_PARTS = "Consonant Extend Linker".split()


def _graphemes() -> tuple[str, Table]:
    """Return the kinds of characters for UAX 29, and the runs of characters of one kind."""
    kind_of = dict.fromkeys(_all(), "Other")
    for name in _CLASSES:
        # Whether a syllable has an ending, its place among the syllables tells.
        kind = "Syllable" if name in {"LV", "LVT"} else name
        kind_of |= dict.fromkeys(_found(regex.compile(rf"\p{{GCB={name}}}")), kind)
    for char in _found(regex.compile(r"\p{Extended_Pictographic}")):
        kind_of[char] = _only(kind_of[char], "Pictograph")
    for part in _PARTS:
        for char in _found(regex.compile(rf"\p{{InCB={part}}}")):
            kind_of[char] += f" {part}"
    kinds = sorted(set(kind_of.values()))
    signs = {kind: chr(ord("A") + at) for at, kind in enumerate(kinds)}
    runs = [(kind, len(list(run))) for kind, run in groupby(map(kind_of.__getitem__, _all()))]
    return f"properties of {_unicode()}", {
        "kinds": dict(zip(signs.values(), kinds, strict=True)),
        "runs": "".join(f"{_base_36(length)}{signs[kind]}" for kind, length in runs),
    }


def _only(kind: str, name: str) -> str:
    if kind != "Other":
        raise ValueError(f"count.js knows no {name} that is {kind} too: teach it that first")
    return name


def _sms() -> tuple[str, Table]:
    return "sms.py of uasocial.text", {
        "basic": "".join(sorted(sms._BASIC)),
        "extension": "".join(sorted(sms._EXTENSION)),
        "gsm7": sms.segments("a").limit,
        "ucs2": sms.segments("\u4e00").limit,
    }


# --- how they are written ------------------------------------------------------------------------


def _unicode() -> str:
    """Name what the properties are taken from: another release may know other characters."""
    return f"Unicode {unicodedata.unidata_version} of Python, regex {version('regex')}"


@cache
def _all() -> str:
    return "".join(map(chr, range(sys.maxunicode + 1)))


def _found(pattern: "re.Pattern[str] | regex.Pattern[str]") -> list[str]:
    """Return the characters that *pattern* finds, be it one at a time or in runs."""
    return list("".join(pattern.findall(_all())))


def _class(body: str) -> str:
    return _edges(_found(re.compile(f"[{body}]")))


def _edges(chars: Iterable[str]) -> str:
    """Write a set of characters by the edges of its stretches, each as the gap to the last."""
    edges = [0]
    end = -1
    for code in sorted(map(ord, chars)):
        if code != end:
            edges += [code] if end < 0 else [end, code]
        end = code + 1
    gaps = pairwise([*edges, end])
    return " ".join(_base_36(after - before) for before, after in gaps)


def _base_36(number: int) -> str:
    rest, digit = divmod(number, len(_BASE_36))
    return (_base_36(rest) if rest else "") + _BASE_36[digit]


def _letters(table: dict[int, Any]) -> list[list[str]]:
    """Write a table of `str.maketrans`."""
    return [[chr(old), new if isinstance(new, str) else chr(new)] for old, new in table.items()]


if __name__ == "__main__":
    for name, text in files().items():
        (FOLDER / name).write_text(text, encoding="ascii")
        print(f"src/uasocial/site/static/{name}")
