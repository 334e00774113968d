"""Rules for drafts: what goes out, in one language, on one platform, for one occasion."""

import re
from collections.abc import Iterator

from uasocial.model import Action, Draft
from uasocial.rules.consent import day_without, spellings
from uasocial.rules.rule import Days, Remark, rule
from uasocial.text.names import holds
from uasocial.words import handles_in

__all__ = [
    "good_news_of_nothing",
    "hidden_characters",
    "names_without_consent",
    "not_the_last_day",
    "single_braces",
    "strange_mentions",
    "too_long",
    "without_link",
    "words_not_to_post",
]

# What a person cannot see, or what no platform can take: also when a plugin brought it in.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]"
)


@rule(
    "D001",
    "A draft fits its platform.",
    fix="shorten it",
    error=True,
    about="draft",
    bad='en: {posts: [{id: gate, platforms: [x], text: "'
    + "Open the gate, and keep it open. " * 9
    + 'https://example.org/1/en"}]}',
)
def too_long(draft: Draft, action: Action, days: Days) -> Iterator[Remark]:
    if draft.fits:
        return
    if draft.limit is not None and draft.length > draft.limit:
        over = draft.length - draft.limit
        yield Remark(f"is {over} too long ({draft.length} of {draft.limit})")
    elif not draft.text:
        yield Remark("is empty", "write a text")
    else:
        fix = "look at `content_warning`" if draft.content_warning else ""
        yield Remark("is within the length, and still the platform would refuse it", fix)


@rule(
    "D002",
    "A draft holds no character that nobody can see.",
    fix="take it out",
    error=True,
    about="draft",
    # No file may hold one; a plugin can bring one into a draft.
    bad="{}",
)
def hidden_characters(draft: Draft, action: Action, days: Days) -> Iterator[Remark]:
    found = _HIDDEN.search(_said(draft))
    if found:
        yield Remark(f"holds the character U+{ord(found[0]):04X}")


@rule(
    "D003",
    "A post mentions only its targets and who is listed, by their handles on that platform.",
    fix="use the `mention` filter, or list it",
    why="Never tag the person at risk, their family or their lawyers.",
    error=True,
    about="draft",
    bad='en: {posts: [{id: gate, platforms: [x], text: "Ask @ana: https://example.org/1/en"}]}',
    good='en: {posts: [{id: gate, platforms: [x], text: "Ask @ana_example: '
    'https://example.org/1/en"}]}',
)
def strange_mentions(draft: Draft, action: Action, days: Days) -> Iterator[Remark]:
    handles = handles_in(_said(draft))
    if not handles:
        return
    allowed = {handle.casefold() for handle in _allowed(action, draft.handles, days)}
    for handle in handles:
        if handle.casefold() not in allowed:
            yield Remark(
                f"mentions @{handle}, which is no target's handle on {draft.platform} and not in "
                "`mentions`"
            )


def _allowed(action: Action, handles: str, days: Days) -> Iterator[str]:
    for target in action.facts.targets:
        holder = target.holder(days.today)
        if holder and handles in holder.handles:
            yield holder.handles[handles]
    yield from action.facts.mentions.get(handles, ())


@rule(
    "D004",
    "A draft holds nothing that is not to be posted.",
    fix="take it out",
    error=True,
    about="draft",
    bad='{action: {do_not_post: [Mill Road]}, templates: {en/thanks.j2: "To all on Mill Road: '
    '{{ action | link }}"}}',
    good='{action: {do_not_post: [Mill Road]}, templates: {en/thanks.j2: "To all of you: '
    '{{ action | link }}"}}',
)
def words_not_to_post(draft: Draft, action: Action, days: Days) -> Iterator[Remark]:
    text = _all_of(draft)
    for word in action.facts.do_not_post:
        if holds(text, word):
            yield Remark(f"holds {word!r}, which is not to be posted")


@rule(
    "D005",
    "A post names a person at risk only with consent to both, the name and social media.",
    fix="leave the name out, or record the consent for `name` and `social-media`",
    error=True,
    about="draft",
    bad="{person: {consents: [{use: name, given_on: 2026-01-11}]}, en: {posts: [{id: gate, "
    'template: "Samar Belkori asked why. {{ action | link }}"}]}}',
    good="{person: {consents: [{use: name, given_on: 2026-01-11}]}, en: {posts: [{id: gate, "
    'template: "A teacher asked why. {{ action | link }}"}]}}',
)
def names_without_consent(draft: Draft, action: Action, days: Days) -> Iterator[Remark]:
    text = _all_of(draft)
    for person in action.facts.people:
        if person.group or not any(holds(text, name) for name in spellings(person)):
            continue
        day = day_without(person, {"name", "social-media"}, days.of_consent(action.facts))
        if day:
            yield Remark(f"names {person.name}, without consent to that on {day}")


def _said(draft: Draft) -> str:
    """Return the words that go out: the text, and the content warning before it."""
    return f"{draft.content_warning}\n{draft.text}" if draft.content_warning else draft.text


def _all_of(draft: Draft) -> str:
    return f"{_said(draft)}\n{draft.title}\n{draft.link or ''}"


@rule(
    "D006",
    "What is meant for the last day goes out on that day.",
    fix="wait for it, or hand out a reminder",
    about="draft",
    momentary=True,
    bad="{}",
    good="day: 2026-02-09",
)
def not_the_last_day(draft: Draft, action: Action, days: Days) -> Iterator[Remark]:
    if draft.occasion != "last-day":
        return
    last, today = action.facts.last_day, days.today
    if today != last:
        yield Remark(f"is meant for the last day, {last}, and today is {today}", "")


@rule(
    "D007",
    "Good news goes out when there is some.",
    fix="write `outcome`",
    about="draft",
    momentary=True,
    bad="{}",
    good="{en: {outcome: The gate is open.}, es: {outcome: La puerta está abierta.}}",
)
def good_news_of_nothing(draft: Draft, action: Action, days: Days) -> Iterator[Remark]:
    if draft.occasion == "good-news" and not action.words[draft.language].outcome:
        yield Remark("brings good news, and the case has no `outcome` yet", "")


# Where the text goes out without a place for a link.
_LINKLESS = ("email_subject",)
# Without https:// an address still links where its host has a path after it.
_BARE_ADDRESS = re.compile(r"[A-Za-z0-9]\.[a-z]{2,24}/")


@rule(
    "D008",
    "A post has a link.",
    fix="end it with {{ action | link }}, or the address",
    why="Who reads it should find the letter and the address; the post alone changes little.",
    about="draft",
    bad="en: {posts: [{id: gate, text: Please open the gate and keep it open.}]}",
    good="en: {posts: [{id: gate, template: 'Please open the gate and keep it open. "
    "{{ action | link }}'}]}",
)
def without_link(draft: Draft, action: Action, days: Days) -> Iterator[Remark]:
    if "://" in draft.text or not draft.text or draft.platform in _LINKLESS:
        return
    if not _BARE_ADDRESS.search(draft.text):
        yield Remark("has no link")


# Names that a template fills in, or a filter after one; other braces may be meant. Two braces are
# seen where a `text` has them, which is no template.
_BRACES = re.compile(r"\{{1,2} *[a-z_]+(?:\.[a-z_]+)?(?: *\| *[a-z_]+)? *\}{1,2}")


@rule(
    "D009",
    "What a template fills in stands in two braces.",
    fix="write {{ … }}, in a `template`",
    about="draft",
    bad='en: {posts: [{id: gate, template: "{ title }: {{ action | link }}"}]}',
    good='en: {posts: [{id: gate, template: "{{ title }}: {{ action | link }}"}]}',
)
def single_braces(draft: Draft, action: Action, days: Days) -> Iterator[Remark]:
    found = _BRACES.search(draft.text) if "{" in draft.text else None
    if found:
        yield Remark(f"holds {found[0]!r}, as it stands")
