"""Rules that protect people: whom nothing may name, and what is never to be posted."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from uasocial.model import Person
from uasocial.rules.case import Case, Piece
from uasocial.rules.consent import consents, day_without, spellings
from uasocial.rules.handing_out import named_in, spread, unsayable
from uasocial.rules.rule import At, Days, Found, rule
from uasocial.rules.shown import shown_facts, shown_words
from uasocial.text.names import holds
from uasocial.text.spelling import resembles, shortens

__all__ = [
    "consent_ends",
    "folder_named_after_somebody",
    "looks_like_a_name",
    "named_without_consent",
    "photo_without_consent",
    "titled_without_consent",
    "unsayable_on_a_page",
    "word_not_to_post",
]


def _without_consent(case: Case) -> list[Person]:
    return [person for _, person in case.people_at_risk if day_without(person, {"name"}, case.days)]


@rule(
    "P001",
    "A person at risk is named only with consent to that.",
    fix="leave the name out, or record the consent for `name`",
    why="A name that was out cannot be called back, and a person can be harmed by it.",
    error=True,
    instead_of=("D005",),
    bad="person: {consents: []}",
    good="person: {consents: [{use: name, given_on: 2026-01-11}, "
    "{use: social-media, given_on: 2026-01-11}]}",
)
def named_without_consent(case: Case) -> Iterator[Found]:
    for person in _without_consent(case):
        for place in _places(case, spellings(person), holds):
            yield place.found(
                f"{place.part} names {person.name}, without consent to that", subject=person.name
            )


@rule(
    "P002",
    "What is not to be posted stands in no text, link, hashtag or file name.",
    fix="take it out",
    why="An address, a relative's name, a school: whoever is looked for is found by it.",
    error=True,
    instead_of=("D004",),
    bad="action: {do_not_post: [Example Park]}",
    good="action: {do_not_post: [Mill Road]}",
)
def word_not_to_post(case: Case) -> Iterator[Found]:
    for word in case.facts.do_not_post:
        for place in _places(case, (word,), holds):
            said = f"{place.part} holds {word!r}, which is not to be posted"
            yield place.found(said, subject=word)


@rule(
    "P003",
    "Nothing reads like a name that is not to be posted.",
    fix="look whether it is the same; if so, write it into `spellings` or `do_not_post`",
    why="One name has many spellings: by its sound it is still found, and behind an initial.",
    bad="{action: {do_not_post: [Тамара Паркер]}, en: {body: [The keeper is Tamar Parkar.]}}",
    good="{action: {do_not_post: [Тамара Паркер]}, en: {body: [The keeper is Tamar Marks.]}}",
)
def looks_like_a_name(case: Case) -> Iterator[Found]:
    names = [(p.name, spellings(p), _resembles_or_shortens) for p in _without_consent(case)]
    names += [(word, (word,), resembles) for word in case.facts.do_not_post]
    for name, forms, match in names:
        for place in _places(case, forms, match):
            if not any(holds(place.text, form) for form in forms):
                yield place.found(f"{place.part} has words that read like {name!r}", subject=name)


def _resembles_or_shortens(text: str, name: str) -> bool:
    return resembles(text, name) or shortens(text, name)


Match = Callable[[str, str], bool]


def _places(case: Case, names: Iterable[str], match: Match) -> Iterator[Piece]:
    """Yield each text, and each file or folder by its name, in which one of *names* is."""
    names = tuple(names)
    for language, pieces in case.pieces.items():
        whole = case.whole[language]
        sought = [name for name in names if match(whole, name)]
        if sought:
            yield from (p for p in pieces if any(match(p.text, name) for name in sought))
    for name in (case.action.id, *(path.stem for path in case.files)):
        read = spread(name)
        if any(match(read, sought) for sought in names):
            what = "the case's folder" if name == case.action.id else f"the file {name!r}"
            yield Piece("", what, (), read)


@rule(
    "P004",
    "Pictures are used with the consent of who is in them.",
    fix="record the consent for `photo`, or say in `alt` whom the pictures show",
    bad="{media: [gate.jpg], person: {consents: [{use: name, given_on: 2026-01-11}, "
    "{use: social-media, given_on: 2026-01-11}]}, "
    "en: {alt: {gate: A gate with a chain.}}, es: {alt: {gate: Una puerta con cadena.}}}",
    good="{media: [gate.jpg], "
    "en: {alt: {gate: A gate with a chain.}}, es: {alt: {gate: Una puerta con cadena.}}}",
)
def photo_without_consent(case: Case) -> Iterator[Found]:
    if not case.pictures:
        return
    for number, person in case.people_at_risk:
        if day_without(person, {"photo"}, case.days):
            said = f"the case has pictures, and {person.name} has not consented to `photo`"
            yield Found("", ("people", number), said)


@rule(
    "P005",
    "A consent lasts as long as the action.",
    fix="ask again, or act before it ends",
    bad="person: {consents: [{use: name, given_on: 2026-01-11, expires_on: 2026-02-01}, "
    "{use: social-media, given_on: 2026-01-11}]}",
    good="person: {consents: [{use: name, given_on: 2026-01-11, expires_on: 2026-02-09}, "
    "{use: social-media, given_on: 2026-01-11}]}",
)
def consent_ends(case: Case) -> Iterator[Found]:
    if not case.is_open:
        return
    last = case.facts.last_day
    for number, person in case.people_at_risk:
        for use in sorted(consents(person, case.today) - consents(person, last)):
            said = f"the consent of {person.name} to {use!r} ends before the last day, {last}"
            yield Found("", ("people", number, "consents"), said)


@rule(
    "P006",
    "A title names a person at risk only with consent to social media, too.",
    fix="leave the name out of it, or record the consent for `social-media`",
    why="The title goes with every post, whatever its template says.",
    error=True,
    instead_of=("D005",),
    bad="{person: {consents: [{use: name, given_on: 2026-01-11}]}, en: {title: For Samar Belkori}}",
    good="{person: {consents: [{use: name, given_on: 2026-01-11}]}, en: {title: For a teacher}}",
)
def titled_without_consent(case: Case) -> Iterator[Found]:
    unnamed = _without_consent(case)
    for _, person in case.people_at_risk:
        if person in unnamed or not day_without(person, {"social-media"}, case.days):
            continue
        for language, words in case.action.words.items():
            if any(holds(words.title or "", name) for name in spellings(person)):
                said = f"title names {person.name}, without consent to social media"
                yield Found(language, ("title",), said, subject=person.name)


@rule(
    "P007",
    "A case's folder has nobody's name.",
    fix="rename it before its address is known: by its number, or by what it is about",
    why="After a withdrawal the name may stand nowhere, and an address holds it: then no page can "
    "say that the case was withdrawn.",
    bad="folder: samar-belkori",
    good="folder: teacher-at-the-gate",
)
def folder_named_after_somebody(case: Case) -> Iterator[Found]:
    unnamed = _without_consent(case)
    for person in named_in(case.action, spread(case.action.id)):
        if person not in unnamed:
            yield Found("", (), f"the case's folder names {person.name}")


@rule(
    "P008",
    "A page can show all that is in a case.",
    fix="take it out, or record the consent",
    why="A page shows targets, copies and notes, too. Where one holds what may not be said, the "
    "language has no page; where action.yaml does, no language has one.",
    error=True,
    bad="{action: {do_not_post: [Mill Road]}, target: {address: [1 Mill Road, Lima]}}",
    good="{action: {do_not_post: [Mill Road]}, target: {address: [1 Gate Road, Lima]}}",
)
def unsayable_on_a_page(case: Case) -> Iterator[Found]:
    if not (case.facts.do_not_post or _without_consent(case)):
        return
    yield from _unsayable(case, "", list(shown_facts(case.facts)))
    for language, words in case.action.words.items():
        yield from _unsayable(case, language, list(shown_words(words)))


def _unsayable(case: Case, language: str, shown: Sequence[tuple[At, str]]) -> Iterator[Found]:
    """Yield what no rule for texts that go out has told."""
    days = Days(case.today, case.actual)
    reason = unsayable(case.action, "\n".join(text for _, text in shown), days)
    if not reason:
        return
    found = [(one, said) for one in shown if (said := unsayable(case.action, one[1], days))]
    if not found:
        yield Found(language, (), f"what a page shows side by side {reason}")
    told = {(piece.at, piece.text) for piece in case.pieces[language]}
    for one, said in found:
        if one not in told:
            at, _ = one
            yield Found(language, at, f"`{at[0]}` {said}")
