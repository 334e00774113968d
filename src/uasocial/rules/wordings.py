"""Rules for texts as they are written: whole, once, with hashtags that read and link."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterator
from functools import lru_cache

from uasocial.model import Post
from uasocial.rules.case import Case, Piece
from uasocial.rules.rule import Found, rule
from uasocial.text import hashtags

__all__ = [
    "cut_hashtag",
    "cut_off",
    "run_together_hashtag",
    "said_twice",
    "strange_spaces",
]

# Texts that end with a full stop, as a rule; a title or a demand ends as it likes.
_SENTENCES = ("lead", "body", "letter", "update", "outcome", "post")
_OPEN = re.compile(r"(?:[(\[{„‚¿¡]|(?:^|\s)[\"“‘«‹'])$")
_ELLIPSIS = re.compile(r"(?:…|\.\.\.)[)\]]?$")
_LAST_WORD = re.compile(r"(?:^|[\s'’(«„“\"-])([^\W\d_]{4,})$")
# A small letter before it: no abbreviation of capitals, no number of a list.
_A_SENTENCE_BEFORE = re.compile(r"[^\W\d_A-Z]{3}[.!?؟]\s")
_WORDS = re.compile(r"[^\W\d_]{4,}")
# Thai to Myanmar, Khmer, kana and Han are written without spaces: a "word" there is a sentence.
_UNSPACED = re.compile("[\u0e00-\u109f\u1780-\u17ff\u3040-\u9fff]")


@rule(
    "C020",
    "No text is cut off.",
    fix="compare it with the source, and write the rest",
    why="Pages cut posts to a length, and what is copied from there ends in the middle of a word.",
    bad="en: {lead: The gate is closed without expla, body: [No explanation came.]}",
    good="en: {lead: 'The gate is closed, without an explanation.', body: [None came.]}",
)
def cut_off(case: Case) -> Iterator[Found]:
    for language, pieces in case.pieces.items():
        if not language:
            continue
        for piece in pieces:
            said = _cut(piece, case.whole[language])
            if said:
                yield piece.found(f"{piece.part} {said}")


def _cut(piece: Piece, whole: str) -> str:
    text = piece.text.rstrip()
    if piece.part in ("salutation", "closing") or text.endswith(("}}", "%}")):
        return ""
    sign = _ends_with_a_sign(text[-4:])
    if sign or not text[-1:].isalnum() or not piece.part.startswith(_SENTENCES):
        return sign
    word = _LAST_WORD.search(text[-100:])
    if word and _is_part_of_a_word(word[1], whole):
        return f"ends with {word[1]!r}, which is the beginning of another word"
    if not piece.part.startswith("post") and _is_unfinished(text):
        return "ends without a full stop, after sentences that have one"
    return ""


def _ends_with_a_sign(end: str) -> str:
    if end.endswith((",", "،", "、", "，")):
        return "ends with a comma"
    if _OPEN.search(end):
        return f"ends with {end[-1]!r}, which opens and is not closed"
    return "ends with an ellipsis" if _ELLIPSIS.search(end) else ""


def _is_unfinished(text: str) -> bool:
    """Tell whether *text* has sentences that end, and a last one that does not."""
    last = text[-100:].rsplit(maxsplit=1)[-1]
    return last.isalpha() and not _UNSPACED.search(last) and bool(_A_SENTENCE_BEFORE.search(text))


def _is_part_of_a_word(end: str, whole: str) -> bool:
    """Tell whether *end* begins another word of the same language, and is none itself."""
    if _UNSPACED.search(end):
        return False
    counted, ordered = _vocabulary(whole)
    sought = end.casefold()
    after = bisect_right(ordered, sought)
    return (
        counted.get(sought) == 1
        and ordered[after : after + 1] != []
        and (ordered[after].startswith(sought))
    )


@lru_cache(maxsize=8)
def _vocabulary(whole: str) -> tuple[Counter[str], list[str]]:
    """Count the longer words of a language, and list them in order."""
    counted = Counter(_WORDS.findall(whole.casefold()))
    return counted, sorted(counted)


@rule(
    "C021",
    "A language says nothing twice.",
    fix="write another wording, or take one of them out",
    why="X takes the same words from many accounts for spam.",
    bad="en: {posts: ["
    '{id: gate, text: "Open the gate: https://example.org/1/en"}, '
    '{id: way, text: "OPEN the gate: https://example.org/1/en"}]}\n'
    "es: {posts: ["
    '{id: gate, text: "Abran la puerta: https://example.org/1/es"}, '
    '{id: way, text: "Déjennos pasar: https://example.org/1/es"}]}',
    good="en: {posts: ["
    '{id: gate, text: "Open the gate: https://example.org/1/en"}, '
    '{id: way, text: "Let us pass: https://example.org/1/en"}]}\n'
    "es: {posts: ["
    '{id: gate, text: "Abran la puerta: https://example.org/1/es"}, '
    '{id: way, text: "Déjennos pasar: https://example.org/1/es"}]}',
)
def said_twice(case: Case) -> Iterator[Found]:
    for language, words in case.action.words.items():
        first: dict[tuple[str, object], str] = {}
        for number, post in enumerate(words.posts):
            for platform in post.platforms or ("",):
                before = first.setdefault((_words_of(post), platform), post.id)
                if before != post.id:
                    said = f"post {post.id!r} says the same as {before!r}"
                    yield Found(language, ("posts", number), said)
                    break


def _words_of(post: Post) -> str:
    return " ".join((post.text or post.template or "").casefold().split())


# Before French signs and inside guillemets a space that does not break is right.
_STRANGE = re.compile(r"(?<=\S)  +(?=\S)|[\u00a0\u2007\u202f](?![:;!?»›%€])(?<![«‹\d–—].)")


@rule(
    "C022",
    "A post holds single spaces that may break.",
    fix="put one plain space there, or none",
    why="Pages hide them, and what is copied from there counts and breaks otherwise than it looks.",
    bad='en: {posts: [{id: gate, text: "Open  the gate: https://example.org/1/en"}]}',
    good='en: {posts: [{id: gate, text: "Open the gate\u00a0: https://example.org/1/en"}]}',
)
def strange_spaces(case: Case) -> Iterator[Found]:
    for language, words in case.action.words.items():
        for number, post in enumerate(words.posts):
            found = _STRANGE.search(post.text or "")
            if found:
                what = "two spaces" if found[0].startswith("  ") else "a space that does not break"
                near = (post.text or "")[max(0, found.start() - 12) : found.end() + 12]
                said = f"post {post.id!r} holds {what}, at {near!r}"
                yield Found(language, ("posts", number, "text"), said)


_TAG = re.compile(r"(?<![\w&/#＃])[#＃]([^\s#＃,;:!?()\[\]{}<>\"“”„«»…|/]+)")
_IN_A_TAG = re.compile(r"[^\W\d_]{3,}")
MAX_TAG = 60
_LATIN_LOWER = re.compile("[a-zß-öø-ÿ0-9]{13,}")
# Letters of Hebrew and of the Arabic script, in which no capital shows where a word begins.
_WITHOUT_CAPITALS = re.compile("[\u05d0-\u05ea\u0620-\u064a\u066e-\u06d3]{13,}")


def _tags(case: Case) -> Iterator[tuple[Piece, str]]:
    """Yield each hashtag that is written out, in `hashtags` and in posts."""
    for pieces in case.pieces.values():
        for piece in pieces:
            if piece.part == "hashtag":
                yield piece, piece.text
            elif "#" in piece.text or "＃" in piece.text:
                for tag in _TAG.findall(piece.text):
                    yield piece, _ended(tag)


def _ended(tag: str) -> str:
    """Return a tag without the signs after it that end a sentence."""
    return tag.rstrip(".'’-–—·*&+=~%")


@rule(
    "C023",
    "A hashtag of several words shows where each begins.",
    fix="begin each word with a capital; in Arabic, Farsi, Urdu and Hebrew put _ between them",
    why="Screen readers read #OpenTheGate as three words, and #openthegate as none.",
    bad="action: {hashtags: {campaign: {en: openthegatenow}}}",
    good="action: {hashtags: {campaign: {en: OpenTheGateNow}}}",
)
def run_together_hashtag(case: Case) -> Iterator[Found]:
    tags = list(_tags(case))
    known = _words_said(case) if any(tag.islower() for _, tag in tags) else frozenset()
    for piece, tag in tags:
        if _LATIN_LOWER.fullmatch(tag) and not tag.isdecimal():
            yield piece.found(f"#{tag} is long and has no capital")
        elif _WITHOUT_CAPITALS.search(tag):
            yield piece.found(f"#{tag} is long and has no _ between its words")
        elif tag.islower() and _is_run_together(tag, known):
            yield piece.found(f"#{tag} is several words of the case, and has no capital")


def _words_said(case: Case) -> frozenset[str]:
    """Return the words of a case that stand in no hashtag."""
    pieces = (piece for pieces in case.pieces.values() for piece in pieces)
    said = "\n".join(piece.text for piece in pieces if piece.part != "hashtag")
    return frozenset(_IN_A_TAG.findall(_TAG.sub("", said).casefold()))


def _is_run_together(tag: str, known: Collection[str]) -> bool:
    """Tell whether *tag* is nothing but words that are *known*, and none itself."""
    if tag in known or len(tag) > MAX_TAG:
        return False
    reached = {0}
    for at in range(1, len(tag) + 1):
        if any(tag[begun:at] in known for begun in reached):
            reached.add(at)
    return len(tag) in reached


@rule(
    "C024",
    "X, Mastodon and Bluesky each link a hashtag whole.",
    fix="leave out what is neither letter nor digit",
    bad='en: {posts: [{id: gate, text: "#Open-Gate https://example.org/1/en"}]}',
    good='en: {posts: [{id: gate, text: "#OpenGate! https://example.org/1/en"}]}',
)
def cut_hashtag(case: Case) -> Iterator[Found]:
    for piece, tag in _tags(case):
        if tag and any(map(str.isalpha, tag)) and not hashtags.links_whole(tag):
            yield piece.found(f"#{tag} is not linked whole")
