"""The report of an action: what was posted where, what is open, who decided, what is lacking."""

import csv
import io
from collections.abc import Iterator
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, NamedTuple

from uasocial import pages
from uasocial.accounts import has_ledger, ledger_of
from uasocial.errors import NotFound, UasocialError
from uasocial.outbox import seeing
from uasocial.pages.pdf import Block, Setting
from uasocial.team import gaps
from uasocial.text.cells import guarded

if TYPE_CHECKING:
    from uasocial.model import Action
    from uasocial.model.post import State
    from uasocial.outbox.ledger import Ledger
    from uasocial.outbox.seeing import Count, Decision, Seen, Sum
    from uasocial.team.gaps import Gaps
    from uasocial.toolkit import Toolkit

__all__ = ["COLUMNS", "MOST", "Report", "as_csv", "as_html", "as_pdf", "of_ledger", "report"]

# As many posts as are listed within a second; all are counted.
MOST = {"csv": 5000, "html": 1000, "pdf": 150}
UNNAMED = "an action without a number"
OPEN_ENDED: tuple["State", ...] = ("unknown", "review", "sending")
COLUMNS = (
    *("kind", "at", "by", "what", "why", "language", "platform", "account", "occasion"),
    *("wording", "state", "permalink", "edited", "deleted_at", "delivery", "count"),
)


class Report(NamedTuple):
    """What is known of an action; *hidden* where its words and its people must not be shown.

    *posts* are in the order of their plan, and not all where there are more of them in *counts*.
    """

    name: str
    title: str
    title_language: str
    hidden: bool
    made_at: datetime
    notes: list[str]
    counts: "list[Count]"
    gaps: "Gaps | None"
    open: "list[Seen]"
    posts: "list[Seen]"
    decisions: "list[Decision]"

    @property
    def zone(self) -> str:
        """The name of the zone that all times are in."""
        zone = self.made_at.tzinfo
        return str(getattr(zone, "key", None) or self.made_at.tzname())


def report(kit: "Toolkit", name: str, most: int) -> Report:
    """Gather the report of an action, with its first *most* posts.

    Raise NotFound where neither files nor ledger know the action. Files that cannot be read keep
    nobody from what the ledger knows.
    """
    action, notes = _action(kit, name)
    ledger = ledger_of(kit) if has_ledger(kit) else None
    summed = seeing.summed(ledger, name) if ledger else seeing.Sum([], [])
    if action is None and not notes and not summed.counts:
        raise NotFound("action", name, kit.action_ids())
    hidden = _hidden(kit, ledger, name, action, notes)
    made = Report(
        name=_named(name, action, hidden=hidden),
        title="" if hidden or action is None else action.title(_first(action)),
        title_language=_first(action) if action else "en",
        hidden=hidden,
        made_at=kit.actual,
        notes=notes,
        counts=summed.counts,
        gaps=None if hidden or action is None else gaps.gaps(kit, name),
        open=[],
        posts=[],
        decisions=[],
    )
    if ledger is None:
        return made
    found = of_ledger(made, ledger, name, summed, most)
    return _bare(found) if hidden else found


def _action(kit: "Toolkit", name: str) -> "tuple[Action | None, list[str]]":
    """Return a case, or a note that says why it cannot be read."""
    if name not in kit.action_ids():
        return None, []
    try:
        return kit.action(name), []
    except UasocialError:
        # What is wrong in a file is quoted, and may be a name.
        return None, ["The files of the action cannot be read: `uasocial check` says why."]


def _hidden(
    kit: "Toolkit",
    ledger: "Ledger | None",
    name: str,
    action: "Action | None",
    notes: list[str],
) -> bool:
    """Tell whether files or ledger keep the words of an action to themselves, and note why."""
    why = kit.withheld(action) if action else ""
    if not why and ledger and seeing.ended(ledger, name) == "withdraw":
        why = "was withdrawn; its words are not shown"
    # Who cannot read the files cannot know what they forbid.
    if not why and action is None:
        why = "has no files that could be read here; its words are not shown"
    if why:
        notes.append(f"The action {why}.")
    return bool(why)


def _named(name: str, action: "Action | None", *, hidden: bool) -> str:
    """Return what an action is called; the folder of one that is hidden may be a person's name."""
    number = str(action.facts.number or "") if action else ""
    if hidden:
        return number or UNNAMED
    return f"{number} ({name})" if number else name


def _first(action: "Action") -> str:
    return next(
        (tag for tag, words in action.words.items() if words.title), next(iter(action.words))
    )


def of_ledger(made: Report, ledger: "Ledger", name: str, summed: "Sum", most: int) -> Report:
    """Return a report with the posts and decisions of an action, at most the first *most*."""
    posts = seeing.seen(ledger, name, most)
    total = sum(one.total for one in made.counts)
    if len(posts) < total:
        made.notes.append(
            f"The first {len(posts):,} of {total:,} posts are listed, and all are counted; "
            "`uasocial ledger show ACTION --format csv` lists them all."
        )
    numbers = [one.number for one in posts if one.number and made.name == UNNAMED]
    is_open = any(one.state in OPEN_ENDED for one in made.counts)
    return made._replace(
        name=next(iter(numbers), made.name),
        posts=posts,
        open=seeing.seen(ledger, name, most, OPEN_ENDED) if is_open else [],
        decisions=seeing.decisions(ledger, name, summed),
    )


def _bare(found: Report) -> Report:
    """Take out of a report what may name somebody: words, reasons, and the names of wordings."""
    return found._replace(
        posts=[one._replace(text=None, why="", wording="", action="") for one in found.posts],
        open=[one._replace(text=None, why="", wording="", action="") for one in found.open],
        decisions=[one._replace(why="") for one in found.decisions],
    )


# --- as a table --------------------------------------------------------------------------------


def as_csv(found: Report) -> str:
    """Return a report as CSV in which no spreadsheet finds a formula; *kind* says what a row is."""
    written = io.StringIO()
    table = csv.DictWriter(written, COLUMNS, restval="", quoting=csv.QUOTE_ALL)
    table.writeheader()
    for row in _rows(found, found.made_at.tzinfo):
        table.writerow({key: guarded(value) for key, value in row.items()})
    return written.getvalue()


def _rows(found: Report, zone: tzinfo | None) -> Iterator[dict[str, str]]:
    for note in found.notes:
        yield {"kind": "note", "what": note}
    for one in found.posts:
        yield _post(one, zone)
    for count in found.counts:
        yield {
            "kind": "count",
            "platform": count.platform,
            "language": count.language,
            "state": count.state,
            "count": str(count.total),
        }
    for gap in found.gaps.gaps if found.gaps else ():
        yield {"kind": "gap", "language": gap.language, "what": gap.said, "why": gap.code}
    for made in found.decisions:
        yield {
            "kind": "decision",
            "at": _iso(made.at, zone),
            "by": made.by,
            "what": made.what,
            "why": made.why,
            "delivery": made.delivery,
        }


def _post(one: "Seen", zone: tzinfo | None) -> dict[str, str]:
    return {
        "kind": "post",
        "at": _iso(one.sent_at or one.planned_for, zone),
        "by": one.decided_by or one.asked_by,
        "why": one.why,
        "language": one.language,
        "platform": one.platform,
        "account": one.account,
        "occasion": one.occasion,
        "wording": one.wording,
        "state": one.state,
        "permalink": one.permalink,
        "edited": "yes" if one.edited else "",
        "deleted_at": _iso(one.deleted_at, zone) if one.deleted_at else "",
        "delivery": one.id,
    }


def _iso(moment: datetime, zone: tzinfo | None) -> str:
    return moment.astimezone(zone).isoformat(timespec="seconds")


# --- as a page ---------------------------------------------------------------------------------


def as_html(found: Report) -> str:
    """Return a report as a page that asks nothing of any other place."""
    zone = found.made_at.tzinfo

    def moment(value: datetime) -> str:
        return _moment(value, zone)

    return pages.render("report", report=found, moment=moment, told=lambda one: _told(one, zone))


def _moment(value: datetime, zone: tzinfo | None) -> str:
    local = value.astimezone(zone)
    return f"{local:%Y-%m-%d %H:%M} {local.tzname()}"


def _told(one: "Seen", zone: tzinfo | None) -> str:
    """Say what became of a post."""
    said = one.state.replace("_", " ")
    if one.edited:
        said = f"{said}, edited"
    if one.deleted_at:
        said = f"{said}, deleted {_moment(one.deleted_at, zone)}"
    return f"{said}: {one.why}." if one.why else f"{said}."


def as_pdf(found: Report) -> bytes:
    """Return a report as PDF; a text in a script that its font lacks is named by its wording."""
    setting = Setting()
    return setting.document(_blocks(found, setting), f"Report: {found.name}", found.made_at)


def _blocks(found: Report, setting: Setting) -> Iterator[Block]:
    zone = found.made_at.tzinfo
    yield Block("title", f"Report: {found.name}", "Report")
    if found.title:
        yield Block(
            "text", found.title, f"(the title is in another script: {found.title_language})"
        )
    yield Block("line", f"Made {_moment(found.made_at, zone)}; all times are in {found.zone}.")
    for note in found.notes:
        yield _line(setting, note)
    yield Block("heading", "Posts by platform and language")
    for count in found.counts:
        state = count.state.replace("_", " ")
        yield Block("line", f"{count.platform}, {count.language}: {count.total} {state}")
    yield from _languages(found, setting)
    yield Block("heading", "Unknown, or waiting for a decision")
    for one in found.open:
        when = _moment(one.planned_for, zone)
        yield _line(setting, one.id[:8], one.account, when, _told(one, zone))
    yield Block("heading", "Posts")
    for one in found.posts:
        yield from _printed(one, found, setting)
    yield Block("heading", "Decisions")
    for made in found.decisions:
        parts = (_moment(made.at, zone), made.by, made.what, made.why, made.delivery[:8])
        yield _line(setting, *parts)


def _languages(found: Report, setting: Setting) -> Iterator[Block]:
    if found.gaps is None:
        return
    yield Block("heading", "Languages")
    yield _line(setting, ", ".join(row.language for row in found.gaps.rows))
    for gap in found.gaps.gaps:
        yield _line(setting, f"{gap.language or 'all'}: {gap.code}", gap.said)


def _printed(one: "Seen", found: Report, setting: Setting) -> Iterator[Block]:
    zone = found.made_at.tzinfo
    where = f"{one.account} ({one.platform}, {one.language})"
    yield _line(setting, _moment(one.sent_at or one.planned_for, zone), where, one.id[:8])
    yield _line(setting, one.wording, _told(one, zone), one.permalink)
    if not found.hidden:
        instead = (
            f"(wording {one.wording}: the font of this file lacks the script of {one.language})"
        )
        yield Block("text", "(erased)" if one.text is None else one.text, instead)


def _line(setting: Setting, *parts: str) -> Block:
    """Return parts in a line; one that cannot be shown is said to be missing, the others stay."""
    shown = (part if setting.shown(part) is not None else "(in another script)" for part in parts)
    return Block("line", "; ".join(filter(None, shown)))
