"""What the team is reminded of once a day: what waits for it, and what nobody has planned."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, time, timedelta
from threading import Thread
from typing import TYPE_CHECKING

from uasocial import accounts
from uasocial.errors import UasocialError, printable
from uasocial.model import Action
from uasocial.model.notice import Notice
from uasocial.outbox import reminders
from uasocial.outbox.reminders import Key
from uasocial.rules.case import Case
from uasocial.rules.facts import holder_not_confirmed

if TYPE_CHECKING:
    from uasocial.outbox.ledger import Ledger
    from uasocial.toolkit import Toolkit

__all__ = ["Reminder", "notices", "tell"]

# By the section's own dial, when somebody is there to read it.
HOUR = time(8)
# So near to its last day a case with nothing planned is told of.
NEAR = timedelta(days=7)
# What nobody has taken is told again after this time.
PAUSE = timedelta(hours=1)
# A worker that ends waits no longer for what is being told, in seconds.
PATIENCE = 30.0


# --- what there is to tell ---------------------------------------------------------------------


def notices(kit: "Toolkit", ledger: "Ledger") -> list[Notice]:
    """List what the team is to be reminded of now; a case that cannot be read is left out."""
    cases = list(_open_cases(kit))
    return [*_approvals(kit, ledger), *_lacking(kit, ledger, cases), *_holders(kit, cases)]


def _open_cases(kit: "Toolkit") -> Iterator[Action]:
    """Yield the cases of which something may go out; what is wrong with another, `check` says."""
    for name in kit.action_ids():
        try:
            action = kit.action(name)
        except UasocialError:
            continue
        if not kit.refusal(action, "appeal"):
            yield action


def _approvals(kit: "Toolkit", ledger: "Ledger") -> Iterator[Notice]:
    for one in reminders.waiting(ledger):
        yield Notice(
            kind="approval wanted",
            number=one.number,
            action=one.action,
            language=one.language,
            platforms=one.platforms,
            count=one.total,
            day=one.first.astimezone(kit.now.tzinfo).date(),
        )


def _lacking(kit: "Toolkit", ledger: "Ledger", cases: Sequence[Action]) -> Iterator[Notice]:
    """Yield what nobody has planned: in a language, or on some accounts that a plan was for."""
    stated = kit.project.settings.accounts
    known = reminders.planned(ledger, [action.id for action in cases])
    to_come = {(one.action, one.account) for one in known if one.to_come}
    begun = {(one.action, one.account) for one in known if one.plan}
    for action in cases:
        today, last = kit.today(action), action.facts.last_day
        for language in action.words:
            names = [name for name, one in stated.items() if one.language == language]
            silent = [name for name in names if (action.id, name) not in to_come]
            gaps = [name for name in silent if (action.id, name) in begun]
            if names and silent == names and today > last - NEAR:
                yield _of(kit, action, language, names)
            elif gaps and today < last:
                yield _of(kit, action, language, gaps, gaps=True)


def _of(
    kit: "Toolkit", action: Action, language: str, names: Sequence[str], *, gaps: bool = False
) -> Notice:
    stated = kit.project.settings.accounts
    return Notice(
        kind="plan with gaps" if gaps else "nothing planned",
        number=str(action.facts.number or action.id),
        action=action.id,
        language=language,
        platforms=tuple(sorted({stated[name].platform for name in names})),
        count=len(names),
        day=action.facts.last_day,
    )


def _holders(kit: "Toolkit", cases: Sequence[Action]) -> Iterator[Notice]:
    code = holder_not_confirmed.code
    silent = [one.action for one in kit.project.settings.silence if one.rule.upper() == code]
    for action in cases:
        case = Case(action, kit.today(action), kit.actual.date(), kit.platforms)
        count = len(list(holder_not_confirmed.check(case)))
        if count and not {None, action.id}.intersection(silent):
            number = str(action.facts.number or action.id)
            yield Notice(kind="holder not confirmed", number=number, action=action.id, count=count)


# --- told once a day ---------------------------------------------------------------------------


def tell(kit: "Toolkit", ledger: "Ledger", by: str) -> tuple[list[Notice], list[str]]:
    """Tell the plugins what nobody was told today; return that, and what went wrong.

    Raise UasocialError where there is no plugin that takes notices.
    """
    say = accounts.reminder(kit)
    if say is None:
        raise UasocialError(
            "no plugin that is installed takes notices: `pip install 'uasocial[apprise]'`"
        )
    found = {_key(one): one for one in notices(kit, ledger)}
    today = datetime.combine(kit.now.date(), time(), kit.now.tzinfo)
    told, faults = [], []
    for key in sorted(reminders.claim(ledger, found, today, by)):
        try:
            say(found[key])
        except UasocialError as error:
            reminders.lost(ledger, key, by)
            faults.append(f"a notice of {key[1]} was lost: {error}")
        else:
            told.append(found[key])
    return told, faults


def _key(notice: Notice) -> Key:
    return notice.kind, notice.action, notice.language


class Reminder:
    """Tells for a worker, from HOUR on, in a thread of its own: no send waits for it.

    *log* gets a line for what fails: of an error that is not ours, only its kind.
    """

    def __init__(
        self,
        kit: "Toolkit",
        ledger: "Ledger",
        by: str,
        log: Callable[[str], None],
        clock: Callable[[], datetime] = lambda: datetime.now().astimezone(),
    ) -> None:
        self._kit, self._ledger, self._by = kit, ledger, by
        self._log, self._clock = log, clock
        self._hears = kit.host.hears("notice_due")
        self._next: datetime | None = None
        self._thread: Thread | None = None

    def begin(self) -> None:
        """Let what is due be told, unless that was done today; return at once."""
        now = self._clock().astimezone(self._kit.now.tzinfo)
        if not self._hears or now.time() < HOUR or (self._next and now < self._next):
            return
        if self._thread is None or not self._thread.is_alive():
            tomorrow = datetime.combine(now.date() + timedelta(days=1), HOUR, now.tzinfo)
            self._next = tomorrow
            # What hangs in there keeps no worker from its end.
            self._thread = Thread(target=self._run, args=(now,), name="reminding", daemon=True)
            self._thread.start()

    def end(self, patience: float = PATIENCE) -> None:
        """Wait for what is being told, as long as *patience* allows, in seconds."""
        if self._thread is not None:
            self._thread.join(patience)

    def _run(self, now: datetime) -> None:
        try:
            # The cases as they are today.
            fresh = type(self._kit)(self._kit.project, now)
            _, faults = tell(fresh, self._ledger, self._by)
        except UasocialError as error:
            faults = [str(error)]
        except Exception as error:  # noqa: BLE001 - a thread of its own has nobody above it
            faults = [f"reminding was cut off by {type(error).__name__}"]
        for fault in faults:
            self._log(printable(fault))
        if faults:
            self._next = now + PAUSE
