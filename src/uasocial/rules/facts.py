"""Rules for the facts of a case: who is written to, until when, by which addresses."""

import re
from collections.abc import Collection, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from uasocial import languages
from uasocial.errors import nearest
from uasocial.rules.case import Case
from uasocial.rules.rule import At, Found, rule

if TYPE_CHECKING:
    from uasocial.model import Target
    from uasocial.model.facts import Copy

__all__ = [
    "address_without_country",
    "deadline_contradicted",
    "deadline_passed",
    "holder_not_confirmed",
    "id_of_no_handle",
    "number_of_another_year",
    "preferred_language_missing",
    "region_elsewhere",
    "strange_handle",
    "unknown_platform",
    "unreachable_target",
    "unsafe_link",
    "watched_link",
]

CONFIRMED_FOR = timedelta(days=30)

# What the name of an account holds on a network of servers; without it nobody is mentioned.
_NEEDED = {"mastodon": ("@", "user@server.example"), "bluesky": (".", "name.bsky.social")}


def _handles(case: Case) -> Iterator[tuple[At, str, str]]:
    """Yield place, platform and handle of all that is listed."""
    for t, target in enumerate(case.facts.targets):
        for h, holder in enumerate(target.holders):
            for platform, handle in holder.handles.items():
                yield ("targets", t, "holders", h, "handles", platform), platform, handle
    for platform, handles in case.facts.mentions.items():
        for handle in handles:
            yield ("mentions", platform), platform, handle


def _slip(platform: str, known: Collection[str]) -> str:
    """Return a hint where *platform* is misspelt; one that is not installed is kept."""
    return nearest(platform, known) if platform not in known else ""


@rule(
    "C004",
    "Every platform that is named is one that there is.",
    fix="write its name as `uasocial count` lists it",
    error=True,
    bad='en: {posts: [{id: gate, text: "Open it: https://example.org/1/en", platforms: [blusky]}]}',
    good='en: {posts: [{id: gate, text: "Open it: https://example.org/1/en", '
    "platforms: [bluesky]}]}",
)
def unknown_platform(case: Case) -> Iterator[Found]:
    for at, platform, _ in _handles(case):
        if _slip(platform, case.platforms):
            said = f"no platform {platform!r}{_slip(platform, case.platforms)}"
            yield Found("", at, said, "")
    for language, words in case.action.words.items():
        for number, post in enumerate(words.posts):
            for name in post.platforms or ():
                if name not in case.platforms:
                    hint = nearest(name, case.platforms)
                    said = f"post {post.id!r}: no platform {name!r}{hint}"
                    yield Found(language, ("posts", number, "platforms"), said, "")


@rule(
    "C005",
    "A handle is one on its platform: Mastodon's has its server, Bluesky's a dot.",
    fix="write it as the platform shows it, without the @ in front",
    error=True,
    bad="action: {mentions: {mastodon: [gates]}}",
    good='action: {mentions: {mastodon: ["gates@social.example"]}}',
)
def strange_handle(case: Case) -> Iterator[Found]:
    for at, platform, handle in _handles(case):
        sign, example = _NEEDED.get(platform, ("", ""))
        if not _slip(platform, case.platforms) and sign not in handle:
            said = f"{handle!r} is no handle on {platform}: it is like {example}"
            yield Found("", at, said, "")


@rule(
    "C009",
    "The id of an account stands beside its handle.",
    fix="add the handle, or take the id out",
    why="An id without its handle guards nothing: the text mentions nobody by it.",
    bad='holder: {handle_ids: {x: "1", mastodon: "2"}}',
    good='holder: {handle_ids: {x: "1"}}',
)
def id_of_no_handle(case: Case) -> Iterator[Found]:
    at: At
    for t, target in enumerate(case.facts.targets):
        for h, holder in enumerate(target.holders):
            for platform in holder.handle_ids:
                if platform not in holder.handles:
                    at = ("targets", t, "holders", h, "handle_ids", platform)
                    yield Found("", at, f"{holder.name} has an id on {platform}, and no handle")
    for platform, ids in case.facts.mention_ids.items():
        known = case.facts.mentions.get(platform, ())
        for handle in ids:
            if handle not in known:
                at = ("mention_ids", platform, handle)
                yield Found("", at, f"@{handle} has an id, and is not in `mentions` of {platform}")


@rule(
    "C010",
    "Each target can be reached.",
    fix="add an address, an e-mail address, a number, or a handle",
    bad="action: {targets: [{id: minister, office: {en: Minister, es: Ministra}}]}",
    good="action: {targets: [{id: minister, office: {en: Minister, es: Ministra}, "
    "emails: [minister@gates.example]}]}",
)
def unreachable_target(case: Case) -> Iterator[Found]:
    for number, target in enumerate(case.facts.targets):
        holder = target.holder(case.today)
        ways = (target.address, target.emails, target.faxes, target.phones)
        if not any(ways) and not (holder and holder.handles):
            yield Found("", ("targets", number), f"nobody can reach {target.id!r}")


@rule(
    "C011",
    "Every address has its country.",
    fix="add `country`",
    why="A letter from abroad does not arrive without it, and postage depends on it.",
    bad="action: {copies: [{id: embassy, name: {en: Embassy, es: Embajada}, sender_country: CH, "
    "address: [1 Example Way, Berne]}]}",
    good="action: {copies: [{id: embassy, name: {en: Embassy, es: Embajada}, sender_country: CH, "
    "address: [1 Example Way, Berne], country: CH}]}",
)
def address_without_country(case: Case) -> Iterator[Found]:
    named: list[tuple[str, int, Target | Copy]] = [
        *(("targets", n, target) for n, target in enumerate(case.facts.targets)),
        *(("copies", n, copy) for n, copy in enumerate(case.facts.copies)),
    ]
    for key, number, place in named:
        if place.address and place.country is None:
            said = f"the address of {place.id!r} has no country"
            yield Found("", (key, number, "address"), said)


@rule(
    "C012",
    "While a case is open, who holds an office was confirmed within the last 30 days.",
    fix="look it up, and set `confirmed_on`",
    why="A letter to a predecessor helps nobody, and it shows.",
    bad="holder: {confirmed_on: 2025-12-01}",
    good="holder: {confirmed_on: 2026-01-02}",
)
def holder_not_confirmed(case: Case) -> Iterator[Found]:
    if not case.is_open:
        return
    for t, target in enumerate(case.facts.targets):
        holder = target.holder(case.today)
        if holder is None:
            continue
        confirmed = holder.confirmed_on
        if confirmed is None or case.today - confirmed > CONFIRMED_FOR:
            at = ("targets", t, "holders", target.holders.index(holder), "confirmed_on")
            when = f"was confirmed on {confirmed}, and not since" if confirmed else "is unconfirmed"
            yield Found("", at, f"that {holder.name} holds the office {when}")


@rule(
    "C013",
    "A case whose last day is over has an end on record.",
    fix="set `ended`, or the new deadline of a further information",
    why="Nothing of it is handed out any more, and who reads it should learn how it went.",
    bad="day: 2026-02-20",
    good="{day: 2026-02-20, action: {ended: {how: closed, on: 2026-02-10}}}",
)
def deadline_passed(case: Case) -> Iterator[Found]:
    facts = case.facts
    if facts.ended is None and case.today > facts.last_day and facts.superseded_by is None:
        yield Found("", ("deadline",), f"the last day to act was {facts.last_day}")


# What excludes the day that it names, and what includes it. Only what is plain: English "by" is
# not, and where both stand nothing is said.
_BEFORE = {"en": r"\bbefore\b", "fr": r"\bavant\b", "es": r"\bantes del?\b", "de": r"\bvor\b"}
_UNTIL = {
    "en": r"\buntil\b|\bincluding\b",
    "fr": r"\bjusqu",
    "es": r"\bhasta\b",
    "de": r"\bbis\b",
}


@rule(
    "C014",
    "`deadline_inclusive` says the same as `deadline_words`.",
    fix="set `deadline_inclusive` as the words have it",
    why="`before` and `until` differ by a day, and the last day is when most people write.",
    bad="action: {deadline_words: {en: Please write until 10 February.}}",
    good="action: {deadline_words: {en: Please write before 10 February.}}",
)
def deadline_contradicted(case: Case) -> Iterator[Found]:
    inclusive = case.facts.deadline_inclusive
    for language, text in case.facts.deadline_words.items():
        base, folded = language.partition("-")[0], text.casefold()
        if base in _BEFORE:
            before = bool(re.search(_BEFORE[base], folded))
            until = bool(re.search(_UNTIL[base], folded))
            if until not in (before, inclusive):
                said = (
                    f"the words in {language!r} mean that one may "
                    f"{'still act' if until else 'no longer act'} on the day of the deadline"
                )
                yield Found("", ("deadline_words", language), said)


@rule(
    "C015",
    "The number is of the year in which the action began.",
    fix="mend `number` or `active_since`",
    bad="action: {number: UA 1/25}",
    good="action: {number: UA 1/26}",
)
def number_of_another_year(case: Case) -> Iterator[Found]:
    facts = case.facts
    # An example's days move with the calendar; a further information keeps the number of the first.
    if facts.number is None or facts.example:
        return
    year, began = facts.number.year, facts.active_since.year
    if began < year or (began > year and facts.kind == "ua" and not facts.number.update):
        said = f"{facts.number} is a number of {year}, and the action began in {began}"
        yield Found("", ("number",), said)


# Where a region of the index may lie, as the first parts of the names of time zones: coarse, for a
# country's zones are all that is known here (Turkey and Central Asia are in EUR, Egypt in MDE).
_ZONES = {
    "AFR": ("Africa", "Indian", "Atlantic"),
    "AMR": ("America", "Atlantic", "Pacific"),
    "ASA": ("Asia", "Australia", "Pacific", "Indian"),
    "EUR": ("Europe", "Asia", "Atlantic", "Arctic"),
    "MDE": ("Asia", "Africa"),
}


@rule(
    "C016",
    "The region of the index is where the countries are.",
    fix="mend `index` or `countries`",
    bad="action: {index: AFR 46/1000/2026}",
    good="action: {index: AMR 46/1000/2026}",
)
def region_elsewhere(case: Case) -> Iterator[Found]:
    facts = case.facts
    if facts.index is None or facts.index.region not in _ZONES:
        return
    zones = [zone for country in facts.countries for zone in languages.zones(country)]
    parts = {zone.partition("/")[0] for zone in zones}
    if parts and parts.isdisjoint(_ZONES[facts.index.region]):
        said = f"{facts.index} is of another part of the world than {', '.join(facts.countries)}"
        yield Found("", ("index",), said)


@rule(
    "C017",
    "There are words and a letter in each language that the target prefers.",
    fix="write the letter in that language, or mend `preferred_languages`",
    bad="action: {preferred_languages: [es, fr]}",
    good="action: {preferred_languages: [es, en]}",
)
def preferred_language_missing(case: Case) -> Iterator[Found]:
    if not case.action.words:
        return
    for number, language in enumerate(case.facts.preferred_languages):
        words = case.action.words.get(language)
        if (words is None or words.letter is None) and language not in case.unread:
            said = f"the target prefers {language!r}, and there is no letter in it"
            yield Found("", ("preferred_languages", number), said)


# Parameters that tell who clicked where; https://github.com/mpchadwick/tracking-query-params-registry
_WATCHING = re.compile(
    r"[?&;](utm_[a-z]+|fbclid|gclid|dclid|msclkid|mc_[ce]id|igshid|yclid|twclid|mkt_tok)=",
    re.IGNORECASE,
)
_HTTP = re.compile(r"\bhttp://[^\s/]+", re.IGNORECASE)


@rule(
    "C018",
    "A link tells nobody who followed it.",
    fix="take the parameter out of the link",
    why="Supporters are not tracked; and what is tracked can be asked for by others.",
    bad='action: {link: {en: "https://example.org/1/en?utm_source=x"}}',
    good='action: {link: {en: "https://example.org/1/en?page=2"}}',
)
def watched_link(case: Case) -> Iterator[Found]:
    for pieces in case.pieces.values():
        for piece in pieces:
            watching = _WATCHING.search(piece.text) if "=" in piece.text else None
            if watching and "://" in piece.text:
                yield piece.found(f"a link has the parameter {watching[1]}, which tracks people")


@rule(
    "C019",
    "A link begins with https://.",
    fix="write https://",
    why="Whoever sits between can read and change what http:// fetches.",
    bad='action: {link: {en: "http://example.org/1/en"}}',
    good='action: {link: {en: "https://example.org/1/en"}}',
)
def unsafe_link(case: Case) -> Iterator[Found]:
    for pieces in case.pieces.values():
        for piece in pieces:
            unsafe = _HTTP.search(piece.text) if "://" in piece.text else None
            if unsafe:
                yield piece.found(f"{unsafe[0]} is not encrypted")
