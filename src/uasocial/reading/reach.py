"""What in a line says how to reach somebody: labels, e-mail addresses, handles, numbers."""

import re
from collections.abc import Iterator
from typing import NamedTuple

__all__ = [
    "DISGUISED",
    "EMAIL",
    "Handle",
    "Part",
    "handles_of",
    "numbers_of",
    "parts_of",
    "without",
]

_KINDS = {
    "email": r"e[-\u2010\u2011 ]?mails?(?:\saddress(?:es)?)?|correos?(?:\selectr[óo]nicos?|-?e)?"
    r"|courriels?|mail|adresse\s[ée]lectronique|e-mail-adresse",
    "both": r"(?:t[ée]l(?:[ée]fono|[ée]phone|efon)?|phone)\.?\s?(?:/|&|and|y|et|und|e)\s?"
    r"(?:tele)?fax",
    "fax": r"(?:tele)?fax(?:\snumber)?|t[ée]l[ée]copieu?r?|telefax|faxes",
    "phone": r"(?:tele)?phone(?:\snumber)?|t[ée]l(?:[ée]phone|[ée]fono|efon)?s?|t[ée]l[ée]fonos?"
    r"|mobile|cell|m[óo]vil|celular|portable|handy",
    "website": r"web\s?site|web(?:seite|page)?|sitio\sweb|p[áa]gina\sweb|homepage"
    r"|site(?:\s(?:web|internet))?|internet",
    "salutation": r"salutation|formule\sd['’]appel|tratamiento|anrede",
    "x": r"twitter\s?/\s?x|x\s?/\s?twitter|x\s?\((?:formerly\s)?twitter\)|twitter\s?\(x\)|twitter",
    "facebook": r"facebook",
    "instagram": r"instagram|insta",
    "bluesky": r"blue\s?sky",
    "mastodon": r"mastodon",
    "threads": r"threads",
    "linkedin": r"linked\s?in",
    "telegram": r"telegram",
}
# Short for the same; so short that a colon or a handle must follow.
_SHORT = {"phone": "t|p|m", "fax": "f", "x": "x", "facebook": "fb", "instagram": "ig"}
_AT = r"(?:\s{0,3}[:：]|\s{1,3}(?=@\w|https?://)"
_LABEL = re.compile(
    r"(?<![\w@.#/-])(?:"
    + "|".join(
        rf"(?P<{kind}>(?:{words}))\.?{_AT}"
        + {"email": r"|\s{1,3}(?=[^\s@]{1,64}@)", "website": r"|\s{1,3}(?=www\.)"}.get(kind, "")
        + (r"|\s{0,3}(?=[+(]{0,2}\d))" if kind in ("both", "fax", "phone") else ")")
        for kind, words in _KINDS.items()
    )
    + "|"
    + "|".join(rf"(?P<{kind}_>(?:{words}))\.?{_AT})" for kind, words in _SHORT.items())
    + ")",
    re.IGNORECASE,
)
_AROUND = " \t\u00a0\u202f,;|/•·–—-"

EMAIL = re.compile(r"(?<![\w.+@'-])[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
DISGUISED = re.compile(
    r"(?<![\w.+@-])[\w.+-]{1,64}(?:\s{0,2}[\[({<]\s{0,2}(?:at|arroba|ät|@)\s{0,2}[\])}>]\s{0,2}"
    r"|\s(?:at|arroba)\s(?=[\w-]{1,63}(?:\.|\s(?:dot|punto|point)\s)))[\w.-]{1,100}",
    re.IGNORECASE,
)
_HOSTS = {
    "twitter.com": "x",
    "x.com": "x",
    "facebook.com": "facebook",
    "fb.com": "facebook",
    "instagram.com": "instagram",
    "threads.net": "threads",
    "threads.com": "threads",
    "t.me": "telegram",
    "linkedin.com/in": "linkedin",
    "linkedin.com/company": "linkedin",
    "bsky.app/profile": "bluesky",
}
_PROFILE = re.compile(
    r"(?<![\w.@/-])(?:https?://)?(?:www\.|mobile\.|m\.|[a-z]{2}-[a-z]{2}\.)?(?:"
    rf"(?P<host>{'|'.join(map(re.escape, _HOSTS))})/@?(?P<name>\w(?:[\w.-]{{0,98}}\w)?)"
    r"|(?P<instance>[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,4})/@(?P<user>\w{1,100})"
    r")/?(?:\?[^\s,;]{0,500})?(?![\w/])",
    re.IGNORECASE | re.ASCII,
)
# Paths of the platforms that are nobody's profile.
_NO_PROFILES = frozenset(
    "intent share sharer hashtag search i home pages groups profile.php p reel explore".split()
)
_HANDLE = re.compile(
    r"(?<![\w.@/])@(?P<name>[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,98}[A-Za-z0-9_])?"
    r"(?:@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8})?)(?!\w)"
)
_WORD_HANDLE = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,98}[A-Za-z0-9_])?")
_NUMBERS_APART = re.compile(
    r"[,;|]|\s/\s|/(?=\s?[+(0])|\s(?:or|and|ou|et|o|y|u|e|oder|und)\s|(?<=\d)\s(?=\+)",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"[+(]{0,2}\d(?:[\d\s()./–-]*\d)?")
_CONNECTOR = re.compile(r"\b(?:or|and|ou|et|o|y|u|e|oder|und|also)\b|[\W_]+", re.IGNORECASE)
# Fewer digits are an extension or a postal code.
MIN_DIGITS = 5


class Part(NamedTuple):
    """A stretch of a line and the kind of its label; what stands before all labels has none."""

    kind: str
    text: str


class Handle(NamedTuple):
    """An account; its platform is empty where the text does not say it."""

    platform: str
    name: str
    written: str


def parts_of(text: str) -> list[Part]:
    """Part a line at its labels: `1 High St, Tel: 1, Fax: 2` into three."""
    marks = list(_LABEL.finditer(text))
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    head = text[: marks[0].start()] if marks else text
    parts = [Part("", head.strip().rstrip(_AROUND + "(") if marks else head.strip())]
    for mark, end in zip(marks, ends, strict=False):
        kind = (mark.lastgroup or "").rstrip("_")
        value = text[mark.end() : end].strip()
        if end < len(text) or not any(map(str.isalnum, value)):
            value = value.rstrip(_AROUND + "(")
        parts.append(Part(kind, value))
    return [part for part in parts if part.kind or part.text]


def handles_of(text: str, platform: str) -> tuple[list[Handle], str]:
    """Find handles and addresses of profiles, and what else stands there; see `without`."""
    found = [(match.start(), handle) for match, handle in _profiles(text)]
    rest = _blanked(text, [match for match, _ in _profiles(text)])
    marks = list(_HANDLE.finditer(rest))
    found += [
        (match.start(), Handle(_platform_of(match["name"]) or platform, match["name"], match[0]))
        for match in marks
    ]
    rest = _blanked(rest, marks)
    word = rest.strip(_AROUND + "()")
    if not found and platform and _WORD_HANDLE.fullmatch(word):
        return [Handle(platform, word, word)], ""
    return [handle for _, handle in sorted(found)], _left(rest)


def numbers_of(text: str) -> tuple[list[str], str]:
    """Find numbers as they are written, and what else stands there."""
    numbers, rest = [], []
    for piece in _NUMBERS_APART.split(text):
        match = _NUMBER.search(piece)
        if match and sum(map(str.isdigit, match[0])) >= MIN_DIGITS:
            numbers.append(match[0])
            rest += [piece[: match.start()], piece[match.end() :]]
        else:
            rest.append(piece)
    return numbers, _left(", ".join(filter(str.strip, rest)))


def without(pattern: re.Pattern[str], text: str) -> tuple[list[str], str]:
    """Take what matches out of a text; what is left is empty if it only joined the matches."""
    found = list(pattern.finditer(text))
    return [match[0] for match in found], _left(_blanked(text, found)) if found else text


def _left(text: str) -> str:
    """Return what is left of a text, unless it is but punctuation and words such as `or`."""
    if not _CONNECTOR.sub("", text):
        return ""
    return re.sub(r"\s+", " ", re.sub(r"\(\s*\)", " ", text)).strip(_AROUND)


def _blanked(text: str, matches: list[re.Match[str]]) -> str:
    at, kept = 0, []
    for match in matches:
        kept.append(text[at : match.start()])
        at = match.end()
    return " ".join([*kept, text[at:]])


def _profiles(text: str) -> Iterator[tuple[re.Match[str], Handle]]:
    for match in _PROFILE.finditer(text):
        if match["user"]:
            name = f"{match['user']}@{match['instance'].lower()}"
            yield match, Handle("mastodon", name, match[0])
        elif match["name"].lower() not in _NO_PROFILES:
            yield match, Handle(_HOSTS[match["host"].lower()], match["name"], match[0])


def _platform_of(name: str) -> str:
    """Return the platform that a handle shows by itself."""
    if "@" in name:
        return "mastodon"
    return "bluesky" if name.lower().endswith(".bsky.social") else ""
