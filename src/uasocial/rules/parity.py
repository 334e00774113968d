"""Rules for the languages of a case: what one has the others have, and as it is now."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from operator import attrgetter

from uasocial.model import Words
from uasocial.model.digests import changed
from uasocial.platforms import share_address
from uasocial.platforms.builtin import MAILTO_LENGTH
from uasocial.rules.case import Case
from uasocial.rules.rule import At, Found, rule
from uasocial.text.names import holds

__all__ = [
    "advice_missing",
    "another_number_of_demands",
    "behind",
    "demand_not_covered",
    "letter_to_predecessor",
    "letter_too_long",
    "letter_without_closing",
    "without_alt",
    "without_body",
    "without_content_warning",
    "without_letter",
    "without_link",
    "without_office",
    "without_outcome",
    "without_salutation",
    "without_source",
    "without_title",
    "without_update",
    "without_wording",
]


def _lacking(case: Case, part: str, words: Callable[[Words], object]) -> Iterator[Found]:
    """Yield the languages that lack what others have."""
    having = [language for language, found in case.words.items() if words(found)]
    if not having:
        return
    for language, found in case.words.items():
        if not words(found):
            yield Found(language, (), f"has no {part}, and {_some(having)} has")


def _some(names: Iterable[str]) -> str:
    """Name the first of them, and how many more there are."""
    first, *more = names
    return f"{first!r}" if not more else f"{first!r} (as {len(more)} more)"


@rule(
    "L001",
    "A translation is as new as what it was made from.",
    fix="translate what changed, then `uasocial translated ACTION LANGUAGE`",
    bad="es: {translated_from: {language: en, digests: {title: 0a1b2c3d4e5f}}}",
    good="es: {translated_from: {language: en, digests: {}}}",
)
def behind(case: Case) -> Iterator[Found]:
    for language, words in case.action.words.items():
        made = words.translated_from
        if made is None or made.language not in case.action.words or not made.digests:
            continue
        parts = changed(case.action.words[made.language], made)
        if parts:
            said = f"is behind {made.language!r}, where these changed since: {', '.join(parts)}"
            yield Found(language, ("translated_from",), said)


@rule(
    "L002",
    "What a translation was made from is there.",
    fix="put the file back, or take `translated_from` out",
    bad="es: {translated_from: {language: fr, digests: {title: 0a1b2c3d4e5f}}}",
    good="es: {translated_from: {language: en}}",
)
def without_source(case: Case) -> Iterator[Found]:
    known = {*case.action.words, *case.unread}
    for language, words in case.action.words.items():
        made = words.translated_from
        if made is not None and made.language not in known:
            said = f"was translated from {made.language!r}, which is not there"
            yield Found(language, ("translated_from", "language"), said)


@rule(
    "L003",
    "A case has a link in each language.",
    fix="add it to `link` in action.yaml",
    why="Every post ends with it, and no template falls back to another language's.",
    error=True,
    instead_of=("C002",),
    bad="action: {link: {es: null}}",
)
def without_link(case: Case) -> Iterator[Found]:
    for language in case.words:
        if language not in case.facts.link:
            yield Found(
                "",
                ("link",),
                f"there is no link in {language!r}",
                subject="has no link in this language",
            )


@rule(
    "L004",
    "A language has a body where others have one.",
    fix="translate it",
    bad="es: {body: null}",
)
def without_body(case: Case) -> Iterator[Found]:
    yield from _lacking(case, "body", lambda words: words.body)


@rule(
    "L005",
    "A language has title and lead.",
    fix="translate them",
    why="A page may bring posts in a language alone; the templates want more.",
    instead_of=("C002",),
    bad="es: {lead: null}",
)
def without_title(case: Case) -> Iterator[Found]:
    for part in ("title", "lead"):
        for found in _lacking(case, part, attrgetter(part)):
            yield found._replace(subject=f"{part!r} is undefined")


@rule(
    "L006",
    "Every language makes the same number of demands.",
    fix="compare them one by one",
    why="Supporters ask for all that the action asks for, and for nothing else.",
    bad="es: {demands: [Abran la puerta]}",
)
def another_number_of_demands(case: Case) -> Iterator[Found]:
    counts = {language: len(words.demands) for language, words in case.words.items()}
    # What most have; among equals the language that the target reads counts.
    order = [*case.facts.preferred_languages, *counts]
    having = Counter(counts[language] for language in order if counts.get(language))
    if not having:
        return
    usual = having.most_common(1)[0][0]
    model = next(language for language in order if counts.get(language) == usual)
    for language, count in counts.items():
        if count != usual:
            said = f"has {count} demands, and {model!r} has {usual}"
            yield Found(language, ("demands",), said)


@rule(
    "L007",
    "A language has a letter where others have one.",
    fix="translate it",
    bad="{es: {letter: null}, action: {preferred_languages: [en]}}",
)
def without_letter(case: Case) -> Iterator[Found]:
    yield from _lacking(case, "letter", lambda words: words.letter)


@rule(
    "L008",
    "A language has an update where others have one.",
    fix="translate `update`",
    bad="en: {update: The gate is to be opened.}",
    good="{en: {update: The gate is to be opened.}, es: {update: La puerta se abre pronto.}}",
)
def without_update(case: Case) -> Iterator[Found]:
    yield from _lacking(case, "update", lambda words: words.update)


@rule(
    "L009",
    "A language has an outcome where others have one.",
    fix="translate `outcome`",
    bad="en: {outcome: The gate is open.}",
    good="{en: {outcome: The gate is open.}, es: {outcome: La puerta está abierta.}}",
)
def without_outcome(case: Case) -> Iterator[Found]:
    yield from _lacking(case, "outcome", lambda words: words.outcome)


@rule(
    "L010",
    "A language has the alt texts that others have.",
    fix="write it under `alt`",
    bad="{media: [gate.jpg], en: {alt: {gate: A gate with a chain.}, posts: null}, "
    "es: {posts: null}}",
    good="{media: [gate.jpg], en: {alt: {gate: A gate with a chain.}}, "
    "es: {alt: {gate: Una puerta con cadena.}}}",
)
def without_alt(case: Case) -> Iterator[Found]:
    known = list(dict.fromkeys(name for words in case.words.values() for name in words.alt))
    pictures = {path.stem for path in case.pictures}
    for language, words in case.words.items():
        for name in known:
            # Of a picture that would be posted without it, another rule tells.
            if name not in words.alt and not (words.posts and name in pictures):
                yield Found(language, ("alt",), f"has no alt text {name!r}, and others have")


@rule(
    "L011",
    "A language has the wordings that others have.",
    fix="translate the post, or leave it where it is and silence this",
    bad="es: {posts: null}",
)
def without_wording(case: Case) -> Iterator[Found]:
    ids = {language: [p.id for p in words.posts] for language, words in case.words.items()}
    for name in dict.fromkeys(name for names in ids.values() for name in names):
        for language, names in ids.items():
            if name not in names:
                having = _some(tag for tag, known in ids.items() if name in known)
                yield Found(language, ("posts",), f"has no post {name!r}, and {having} has")


@rule(
    "L012",
    "Each office has a name in each language.",
    fix="add it to `office`",
    why="Where the target has no handle, a post names the office.",
    bad="target: {office: {es: null}}",
)
def without_office(case: Case) -> Iterator[Found]:
    for number, target in enumerate(case.facts.targets):
        for language in case.words:
            if language not in target.office:
                said = f"the office of {target.id!r} has no name in {language!r}"
                yield Found("", ("targets", number, "office"), said)


@rule(
    "L018",
    "Advice on safety is there in each language.",
    fix="add it to `text`",
    why="Who reads it in time decides differently; other languages hand out texts without it.",
    bad="action: {safety: [{country: ZZ, text: {es: Piénsalo bien}}]}",
    good="action: {safety: [{country: ZZ, text: {en: Think again, es: Piénsalo bien}}]}",
)
def advice_missing(case: Case) -> Iterator[Found]:
    for number, advice in enumerate(case.facts.safety):
        for language in case.words:
            if language not in advice.text:
                said = f"the advice for {advice.channel!r} is not there in {language!r}"
                yield Found("", ("safety", number, "text"), said)


@rule(
    "L019",
    "A language has a content warning where others have one.",
    fix="translate `content_warning`",
    why="Who must be spared what they did not expect must be so in each language.",
    bad="en: {content_warning: Police violence}",
    good="{en: {content_warning: Police violence}, es: {content_warning: Violencia policial}}",
)
def without_content_warning(case: Case) -> Iterator[Found]:
    yield from _lacking(case, "content warning", lambda words: words.content_warning)


@rule(
    "L013",
    "A holder has a salutation in each language, where there is one in any.",
    fix="add it to `salutation`",
    bad="holder: {salutation: {es: null}}",
)
def without_salutation(case: Case) -> Iterator[Found]:
    for number, target in enumerate(case.facts.targets):
        holder = target.holder(case.today)
        if holder is None or not holder.salutation:
            continue
        at: At = ("targets", number, "holders", target.holders.index(holder), "salutation")
        for language in case.words:
            if language not in holder.salutation:
                yield Found("", at, f"there is no salutation for {holder.name} in {language!r}")


# --- letters ---------------------------------------------------------------------------------


@rule(
    "L014",
    "A letter fits into a mailto: address.",
    fix="shorten it, or leave it: supporters then copy it",
    why="Mail programs cut a longer address, and the end of the letter is lost.",
    bad="en: {letter: {paragraphs: ["
    + "We ask you to open the gate and keep it open. " * 30
    + "]}}",
)
def letter_too_long(case: Case) -> Iterator[Found]:
    for language, words in case.action.words.items():
        if words.letter is None:
            continue
        letter = words.letter
        parts = (letter.salutation, *letter.paragraphs, letter.closing)
        body = "\r\n\r\n".join(part.strip() for part in parts if part)
        length = len(share_address("mailto:", subject=words.title or "", body=body))
        if length > MAILTO_LENGTH:
            said = f"the letter takes {length:,} characters as an address, of {MAILTO_LENGTH:,}"
            yield Found(language, ("letter",), said)


@rule(
    "L015",
    "A letter has a closing.",
    fix="add `closing`",
    bad="en: {letter: {closing: null}}",
)
def letter_without_closing(case: Case) -> Iterator[Found]:
    for language, words in case.action.words.items():
        if words.letter and not words.letter.closing:
            yield Found(language, ("letter",), "the letter has no closing")


@rule(
    "L016",
    "A letter is addressed to who holds the office now.",
    fix="address it to who holds the office, or to the office",
    bad="{target: {holders: [{name: Berta Former, until: 2026-01-05}, "
    "{name: Ana Example, since: 2026-01-06, confirmed_on: 2026-01-15, "
    "salutation: {en: Dear Minister, es: Señora Ministra}}]}, "
    "en: {letter: {salutation: 'Dear Minister Former,'}}}",
    good="{target: {holders: [{name: Berta Former, until: 2026-01-05}, "
    "{name: Ana Example, since: 2026-01-06, confirmed_on: 2026-01-15, "
    "salutation: {en: Dear Minister, es: Señora Ministra}}]}, "
    "en: {letter: {salutation: 'Dear Minister Example,'}}}",
)
def letter_to_predecessor(case: Case) -> Iterator[Found]:
    now = [h.name for h in filter(None, (t.holder(case.today) for t in case.facts.targets))]
    former = [
        holder.name
        for target in case.facts.targets
        for holder in target.holders
        if holder.name not in now and not holder.holds(case.today)
    ]
    for language, words in case.action.words.items():
        letter = words.letter
        if letter is None or not former:
            continue
        text = "\n".join((letter.salutation, *letter.paragraphs))
        named = next((name for name in former if _is_named(name, letter.salutation, text)), None)
        if named and not any(_is_named(name, letter.salutation, text) for name in now):
            said = f"the letter is addressed to {named}, who holds the office no longer"
            yield Found(language, ("letter", "salutation"), said)


def _is_named(name: str, salutation: str, text: str) -> bool:
    """Tell whether a letter names somebody: a salutation by the last name alone, too."""
    return holds(text, name) or holds(salutation, name.rpartition(" ")[2])


# --- demands ---------------------------------------------------------------------------------

_WORD = re.compile(r"[^\W\d_]+")
_UNSPACED = re.compile("[\u0e00-\u109f\u1780-\u17ff\u3040-\u9fff]")
_STEM = 5
# Less of a demand than this is said elsewhere by chance.
COVERED = 0.4
SHORT = 60
_SAYS_DEMANDS = re.compile(r"\{[{%][^{}]*\bdemands\b")


@rule(
    "L017",
    "The letter or the posts of a language make each of its demands.",
    fix="write it into the letter",
    bad="en: {demands: [Open the gate, Withdraw every charge immediately]}",
)
def demand_not_covered(case: Case) -> Iterator[Found]:
    for language, words in case.action.words.items():
        said = [post.text or post.template or "" for post in words.posts]
        if words.letter:
            said += words.letter.paragraphs
        if not said or any(_SAYS_DEMANDS.search(text) for text in said):
            continue
        stems = _stems("\n".join(said))
        for number, demand in enumerate(words.demands):
            sought = _stems(demand)
            if sought and len(sought & stems) < COVERED * len(sought):
                said_of = f"{_shortened(demand)!r} is in neither the letter nor the posts"
                yield Found(language, ("demands", number), said_of)


def _shortened(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= SHORT else f"{words[: SHORT - 1]}…"


def _stems(text: str) -> set[str]:
    """Return the beginnings of longer words; of a script without spaces, pairs of characters."""
    words = _WORD.findall(text.casefold())
    if not _UNSPACED.search(text):
        return {word[:_STEM] for word in words if len(word) >= _STEM - 1}
    stems: set[str] = set()
    for word in words:
        if _UNSPACED.search(word):
            stems.update(word[at : at + 2] for at in range(len(word) - 1))
        elif len(word) >= _STEM - 1:
            stems.add(word[:_STEM])
    return stems
