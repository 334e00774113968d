"""Plans: which account says what when, until the deadline; built, and built anew."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from uasocial import day_ends, posting
from uasocial.errors import NotFound, Refused, SettingsError, UasocialError
from uasocial.model import Action, latest_today
from uasocial.model.draft import Occasion
from uasocial.model.post import Post
from uasocial.planning.cadences import CADENCES, Cadence, ClockName
from uasocial.planning.clocks import EVENING, OFFICE, Clock, Days
from uasocial.planning.slots import Slot, Span, schedule

if TYPE_CHECKING:
    from uasocial.accounts import Account
    from uasocial.outbox.queue import Entry
    from uasocial.toolkit import Toolkit

__all__ = ["Plan", "Planned", "Writer", "build", "cadence_named", "clocks_for", "span_of"]

# Identical posts from several accounts are against X's rules: docs.x.com, automation rules.
UNLIKE = frozenset({"x"})
# What an account says so near to a slot may be what the slot was for: a person has moved it.
NEAR = timedelta(days=3)

Said = Callable[[str, str], bool]


class Planned(NamedTuple):
    """One post of a plan; *moved* says why it is not on the cadence's own day."""

    account: "Account"
    at: datetime
    post: Post
    moved: str = ""


class Plan(NamedTuple):
    """Posts in their order, what was left out of the cadence, and where words are lacking."""

    rows: list[Planned]
    left_out: list[str]
    gaps: list[str]


def cadence_named(kit: "Toolkit", name: str) -> Cadence:
    """Return a cadence of the settings, else one of ours; raise NotFound."""
    known = {**CADENCES, **kit.project.settings.cadences}
    if name not in known:
        raise NotFound("cadence", name, known)
    return known[name]


def build(  # noqa: PLR0913 - what a plan is made of
    kit: "Toolkit",
    action: Action,
    accounts: "Sequence[Account]",
    cadence: Cadence,
    writer: "Writer",
    *,
    begin: datetime | None = None,
    first_day: date | None = None,
    kept: "Sequence[Entry]" = (),
) -> Plan:
    """Build a plan; every post is rendered for its own moment, and none says the same twice.

    It begins at *begin*, else now, and counts from *first_day* where it has begun before; *kept*
    are its posts that stay, or went out. Raise Refused where nothing of the action may go out.
    """
    span = span_of(kit, action, begin, first_day)
    clocks = clocks_for(kit, action)
    plan = Plan([], _unknown_holidays(clocks), [])
    of: dict[str, list[Entry]] = {}
    for entry in kept:
        of.setdefault(entry.account, []).append(entry)
    slots: list[tuple[Slot, Account]] = []
    for number, account in enumerate(accounts):
        if account.stated.language not in action.words:
            plan.gaps.append(f"{account.name}: the case has no words in {account.stated.language}")
            continue
        # Apart from each other in time, and each beginning with another wording.
        found = schedule(cadence, span, clocks, (number + 0.5) / len(accounts))
        plan.left_out.extend(f"{account.name}: {line}" for line in found.left_out)
        free = _free(found.slots, of.get(account.name, ()))
        slots.extend((slot, account) for slot in free)
        writer.begin_with(account.name, number)
    _fill(plan, slots, writer)
    return plan


def _free(slots: Sequence[Slot], kept: "Sequence[Entry]") -> list[Slot]:
    """Return the slots that nothing has: each post has the nearest of its kind, and one alone."""
    pairs = [
        (abs(slot.at - entry.planned_for), slot, entry.id)
        for slot in slots
        for entry in kept
        if entry.occasion == slot.occasion
    ]
    taken: set[Slot] = set()
    placed: set[str] = set()
    for apart, slot, name in sorted(pairs):
        if apart < NEAR and slot not in taken and name not in placed:
            taken.add(slot)
            placed.add(name)
    return [slot for slot in slots if slot not in taken]


def _fill(plan: Plan, slots: "Iterable[tuple[Slot, Account]]", writer: "Writer") -> None:
    """Find words in the order of time, so that no account takes them all from another."""
    gaps: dict[tuple[str, str], list[datetime]] = {}
    for slot, account in sorted(slots, key=lambda one: (one[0].at, one[1].name)):
        post = writer.next(account, slot.at, slot.occasion)
        if isinstance(post, str):
            gaps.setdefault((account.name, post), []).append(slot.at)
        else:
            plan.rows.append(Planned(account, slot.at, post, slot.moved))
    own = writer.kit.now.tzinfo
    for (name, why), moments in gaps.items():
        first = f"{moments[0].astimezone(own):%Y-%m-%d %H:%M %Z}"
        more = f" and {len(moments) - 1} more" if len(moments) > 1 else ""
        plan.gaps.append(f"{name}, {first}{more}: {why}")


def span_of(
    kit: "Toolkit",
    action: Action,
    begin: datetime | None = None,
    first_day: date | None = None,
) -> Span:
    """Return what a plan of *action* may fill; raise Refused where nothing of it may go out."""
    facts = action.facts
    reason = kit.refusal(action, "appeal")
    # What begins later may be planned now; what is over may not.
    if reason and not (facts.embargo and facts.embargo > kit.now):
        raise Refused(f"{action.id}: {reason}")
    names = [_own_zone(kit).key, *day_ends.zone_names(action)]
    end = day_ends.end_of_day(facts.last_day, [ZoneInfo(name) for name in names])
    start = max(filter(None, (kit.now, begin, facts.embargo)))
    # The ledger takes no moment of a file, which knows how it was written.
    start = datetime.combine(start.date(), start.timetz())
    if start >= end:
        raise Refused(f"{action.id}: the last day to act is {facts.last_day}: nothing is left")

    def day_of(at: datetime) -> date:
        return latest_today(at, names)

    deadline = facts.last_day + timedelta(days=facts.days_left(facts.last_day))
    return Span(start, end, first_day or day_of(start), facts.last_day, deadline, day_of)


def clocks_for(kit: "Toolkit", action: Action) -> dict[ClockName, Clock]:
    """Return the two clocks of an action: its target's office hours, its supporters' evening."""
    there = next(iter(day_ends.zone_names(action)), None)
    home = _own_zone(kit)
    countries = [target.country for target in action.facts.targets if target.country]
    country = next(iter([*countries, *action.facts.countries]), None)
    return {
        "office": Clock("office", ZoneInfo(there) if there else home, OFFICE, Days(country)),
        "evening": Clock("evening", home, EVENING),
    }


def _own_zone(kit: "Toolkit") -> ZoneInfo:
    """Return the section's own zone: a plan reaches over changes of the dial."""
    name = kit.project.settings.time_zone
    if name is None:
        raise SettingsError(
            f'{kit.project.file}: a plan needs `time_zone = "Europe/Zurich"`, or wherever your '
            "supporters are"
        )
    return ZoneInfo(name)


def _unknown_holidays(clocks: dict[ClockName, Clock]) -> list[str]:
    days = clocks["office"].days
    if days is None or days.known:
        return []
    return [f"the holidays of {days.country} are not known: Saturday and Sunday are taken as free"]


class Writer:
    """Finds words for moments: wordings take turns, and no account says the same twice.

    *said* tells whether an account has said the words of a digest before.
    """

    def __init__(
        self,
        kit: "Toolkit",
        action: Action,
        by: str,
        said: Said = lambda account, sha256: False,  # noqa: ARG005 - a new ledger has said nothing
    ) -> None:
        self.kit, self.action, self.by, self.said = kit, action, by, said
        self._turns: dict[str, int] = {}
        self._used: set[tuple[str, str]] = set()
        self._version = posting.case_version(action)
        # By the server that is meant: a toolkit is slow to make.
        self._kits: dict[object, Toolkit] = {}
        self._of: dict[str, Toolkit] = {}

    def begin_with(self, account: str, turn: int) -> None:
        """Let an account begin with another wording than the one before it."""
        self._turns[account] = turn

    def keep(self, platform: str, account: str, text: str) -> None:
        """Take note of words that are planned already."""
        self._used.update(_marks(platform, account, text))

    def next(self, account: "Account", at: datetime, occasion: Occasion) -> Post | str:
        """Return the post for a moment, or why there is none."""
        kit = self._at(account, at)
        reasons = []
        try:
            wordings = list(self._wordings(kit, account, occasion))
        except UasocialError as error:
            return str(error)
        for wording in wordings:
            try:
                post = self._made(kit, account, occasion, wording)
            except UasocialError as error:
                reasons.append(str(error))
                continue
            if self.is_new(post):
                self._turns[account.name] = self._turns.get(account.name, 0) + 1
                self.keep(post.platform, post.account, post.text)
                return post
        return "; ".join(reasons) or "it has said all its wordings: write another"

    def write(self, account: "Account", at: datetime, occasion: Occasion, wording: str) -> Post:
        """Return the post of one wording for a moment; raise UasocialError where it may not be."""
        return self._made(self._at(account, at), account, occasion, wording)

    def again(self, account: "Account", at: datetime, before: Post) -> Post:
        """Write a post anew for a moment, from the files as they are now, with its pictures."""
        kit = self._at(account, at)
        draft = posting.draft_for(kit, self.action, account, before.occasion, before.wording)
        without = None
        if before.without:
            without = posting.without_handles(kit, self.action, account, draft)
        alts = (one.alt for one in before.media)
        said = (draft.content_warning, draft.text, without or "", *alts)
        posting.assert_sayable(self.action, said, kit.now)
        return posting.make_post(
            kit,
            self.action,
            account,
            draft,
            self.by,
            media=before.media,
            without=without,
            answers=before.answers,
            version=self._version,
        )

    def _at(self, account: "Account", at: datetime) -> "Toolkit":
        """Return a toolkit at a moment; accounts that mean the same server share one."""
        if account.name not in self._of:
            meant = posting.instance_of(self.kit, account)
            if meant not in self._kits:
                self._kits[meant] = posting.at_moment(self.kit, account, at)
            self._of[account.name] = self._kits[meant]
        kit = self._of[account.name]
        kit.move(at.astimezone(self.kit.now.tzinfo))
        return kit

    def _wordings(self, kit: "Toolkit", account: "Account", occasion: Occasion) -> Iterable[str]:
        stated = account.stated
        found = kit.wordings.find(self.action, stated.language, stated.platform, occasion)
        names = [wording.id for wording in found]
        turn = self._turns.get(account.name, 0) % len(names)
        return [*names[turn:], *names[:turn]]

    def _made(self, kit: "Toolkit", account: "Account", occasion: Occasion, wording: str) -> Post:
        draft = posting.draft_for(kit, self.action, account, occasion, wording)
        posting.assert_sayable(self.action, (draft.content_warning, draft.text), kit.now)
        return posting.make_post(kit, self.action, account, draft, self.by, version=self._version)

    def is_new(self, post: Post) -> bool:
        """Tell whether an account may say this: it has not yet, and on X nobody has."""
        marks = _marks(post.platform, post.account, post.text)
        return not any(mark in self._used for mark in marks) and not self.said(
            post.account, post.sha256
        )


def _marks(platform: str, account: str, text: str) -> Iterator[tuple[str, str]]:
    """Yield what a text must be the first of: of its account, and on some platforms of all."""
    yield account, text
    if platform in UNLIKE:
        yield f"all of {platform}", text
