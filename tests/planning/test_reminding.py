"""The team is reminded once a day of what stands still, and no person is named by it."""

from datetime import date, datetime, timedelta

import pytest

from uasocial.errors import UasocialError
from uasocial.outbox import approvals
from uasocial.planning.cadences import Cadence
from uasocial.plugins import host, trust
from uasocial.team import reminding, scheduling

from .conftest import NOW, ZURICH

BELL = """\
from pathlib import Path
from uasocial.plugins import hookimpl

@hookimpl
def notice_due(notice):
    if (Path(__file__).parent / "silent").exists():
        raise RuntimeError("the bell is broken")
    with (Path(__file__).parent / "rung").open("a") as file:
        print(notice.kind, notice.action, notice.language, file=file)
"""


@pytest.fixture
def bell(project, monkeypatch):
    """A plugin in a file of the project, which writes down what it is told."""
    # Packages of ours may be installed beside, and take it.
    monkeypatch.setattr(host, "entry_points", lambda **_: [])
    folder = project / "plugins"
    folder.mkdir()
    (folder / "bell.py").write_text(BELL, encoding="utf-8")
    trust.trust(folder / "bell.py")
    monkeypatch.chdir(project)

    class Bell:
        rung = folder / "rung"
        silent = folder / "silent"

        def lines(self):
            return self.rung.read_text().splitlines() if self.rung.exists() else []

    return Bell()


@pytest.fixture
def found(kit_at, book, clock):
    """List what there is to tell at a moment."""

    def at(moment: datetime = NOW):
        clock.now = moment
        return {one.kind: one for one in reminding.notices(kit_at(moment), book)}

    return at


def put(kit, book, chosen, cadence=Cadence(every=4), *, approved=False):  # noqa: B008 - frozen
    wish = scheduling.Wish(kit.action("mill"), "steady", cadence, "ann")
    names = scheduling.put(kit, book, scheduling.fresh(kit, book, chosen, wish), wish)
    if approved:
        with book.write() as connection:
            approvals.approve(book, connection, names, "bob")
    return names


def test_approval_is_wanted_once_a_case_and_language(kit_at, book, chosen, found):
    names = put(kit_at(), book, chosen)
    one = found()["approval wanted"]
    assert (one.number, one.language, one.platforms) == ("UA 901/26", "en", ("mastodon", "x"))
    assert one.count == len(names) > 3
    assert one.day == date(2026, 1, 20)


def test_what_is_approved_wants_nothing(kit_at, book, chosen, found):
    put(kit_at(), book, chosen, approved=True)
    assert set(found()) == {"holder not confirmed"}


def test_nothing_planned_is_told_in_the_last_week_alone(found):
    """The last day to act is 9 February."""
    assert "nothing planned" not in found(datetime(2026, 2, 2, 9, tzinfo=ZURICH))
    for day in (3, 9):
        one = found(datetime(2026, 2, day, 9, tzinfo=ZURICH))["nothing planned"]
        assert (one.language, one.count, one.day) == ("en", 3, date(2026, 2, 9))
    assert found(datetime(2026, 2, 10, 9, tzinfo=ZURICH)) == {}


def test_a_plan_with_gaps_is_one_that_leaves_an_account_silent(kit_at, book, chosen, found):
    """The other accounts go on; what was never planned is no gap."""
    put(kit_at(), book, chosen[:1], Cadence(reminders=(), last_day=False), approved=True)
    put(kit_at(), book, chosen[1:2], approved=True)
    assert "plan with gaps" not in found()
    one = found(datetime(2026, 1, 23, 9, tzinfo=ZURICH))["plan with gaps"]
    assert (one.language, one.platforms, one.count) == ("en", (chosen[0].stated.platform,), 1)


def test_a_holder_is_confirmed_for_thirty_days(found, project):
    assert found()["holder not confirmed"].count == 1
    facts = project / "actions" / "mill" / "action.yaml"
    text = facts.read_text(encoding="utf-8")
    text = text.replace("{x: adamill}", "{x: adamill}, confirmed_on: 2026-01-15")
    facts.write_text(text, encoding="utf-8")
    assert "holder not confirmed" not in found()


def test_a_warning_that_is_silenced_is_no_notice(found, project):
    with (project / "uasocial.toml").open("a", encoding="utf-8") as file:
        file.write('\n[[silence]]\nrule = "C012"\nreason = "The office is empty."\n')
    assert found() == {}


def test_a_case_that_has_ended_or_cannot_be_read_is_left_out(found, project):
    facts = project / "actions" / "mill" / "action.yaml"
    text = facts.read_text(encoding="utf-8")
    facts.write_text(text + "ended: {how: stopped, on: 2026-01-19}\n", encoding="utf-8")
    assert found() == {}
    facts.write_text("targets: [", encoding="utf-8")
    assert found() == {}


# --- told --------------------------------------------------------------------------------------


def test_each_is_told_once_a_day(kit_at, book, chosen, bell, clock):
    put(kit_at(), book, chosen[1:2])
    told, faults = reminding.tell(kit_at(), book, "ann")
    assert ([one.kind for one in told], faults) == (
        ["approval wanted", "holder not confirmed"],
        [],
    )
    assert reminding.tell(kit_at(), book, "bob") == ([], [])
    assert bell.lines() == ["approval wanted mill en", "holder not confirmed mill "]
    clock.now = NOW + timedelta(days=1)
    assert len(reminding.tell(kit_at(clock.now), book, "ann")[0]) == 2
    assert len(bell.lines()) == 4


def test_what_nobody_took_is_told_again(kit_at, book, bell):
    bell.silent.touch()
    told, faults = reminding.tell(kit_at(), book, "ann")
    assert told == []
    assert faults == ["a notice of mill was lost: bell: RuntimeError"]
    bell.silent.unlink()
    assert len(reminding.tell(kit_at(), book, "ann")[0]) == 1
    assert reminding.tell(kit_at(), book, "ann") == ([], [])


def test_without_a_plugin_that_takes_them_telling_says_so(kit_at, book, monkeypatch):
    kit = kit_at()
    monkeypatch.setattr(kit.host, "hears", lambda _: False)
    with pytest.raises(UasocialError, match="no plugin"):
        reminding.tell(kit, book, "ann")


def test_a_worker_reminds_from_eight_on_and_once(kit_at, book, bell, clock):
    """By the dial of the section, and again on the next day."""
    clock.now = NOW - timedelta(minutes=1)
    logged = []
    kit = kit_at(clock.now)
    reminder = reminding.Reminder(kit, book, "a worker", logged.append, clock=clock)
    reminder.begin()
    reminder.end()
    assert bell.lines() == []
    for hours, expected in ((0, 1), (1, 1), (13, 1), (16, 1), (24, 2), (25, 2)):
        clock.now = NOW + timedelta(hours=hours)
        reminder.begin()
        reminder.end()
        assert len(bell.lines()) == expected, hours
    assert logged == []


def test_a_worker_tries_what_was_lost_again_after_an_hour(kit_at, book, bell, clock):
    bell.silent.touch()
    logged = []
    reminder = reminding.Reminder(kit_at(), book, "a worker", logged.append, clock=clock)
    reminder.begin()
    reminder.end()
    bell.silent.unlink()
    assert len(logged) == 1
    clock.now = NOW + timedelta(minutes=59)
    reminder.begin()
    reminder.end()
    assert bell.lines() == []
    clock.now = NOW + timedelta(minutes=61)
    reminder.begin()
    reminder.end()
    assert bell.lines() == ["holder not confirmed mill "]
