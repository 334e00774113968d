"""A plan fills its slots with words for their moment, and says what is lacking."""

import re
from collections import Counter
from datetime import timedelta

import pytest
import sqlalchemy as sa

from uasocial import accounts, posting
from uasocial.errors import CaseError, NotFound, Refused, SettingsError, UasocialError
from uasocial.outbox import approvals, deliveries, queue
from uasocial.outbox.tables import deliveries as table
from uasocial.outbox.tables import posts
from uasocial.planning.cadences import Cadence
from uasocial.team import plans, revising, scheduling
from uasocial.team.plans import Writer, build

DAILY = Cadence(days=(0,), every=1)


def wish(kit, cadence=DAILY, name="daily", by="ann"):
    return scheduling.Wish(kit.action("mill"), name, cadence, by)


@pytest.fixture
def planned(kit_at, book, chosen):
    """A plan on the ledger; give it another cadence to plan otherwise."""

    def plan(cadence=DAILY):
        kit = kit_at()
        wanted = wish(kit, cadence)
        found = scheduling.fresh(kit, book, chosen, wanted)
        return kit, wanted, scheduling.put(kit, book, found, wanted)

    return plan


def approve(book, names, by="bob"):
    with book.write() as connection:
        approvals.approve(book, connection, names, by)


# --- words -------------------------------------------------------------------------------------


def test_no_account_says_the_same_twice_and_on_x_no_two_accounts_do(kit_at, chosen):
    """Wordings take turns; where there is none left, the plan has a gap and says so."""
    kit = kit_at()
    plan = build(kit, kit.action("mill"), chosen, DAILY, Writer(kit, kit.action("mill"), "ann"))
    said = Counter((row.account.name, row.post.text) for row in plan.rows)
    assert max(said.values()) == 1
    on_x = Counter(row.post.text for row in plan.rows if row.post.platform == "x")
    assert max(on_x.values()) == 1
    assert any("it has said all its wordings" in gap for gap in plan.gaps)


def test_every_text_is_of_its_own_moment(kit_at, chosen):
    """A reminder that says three days goes out three days before, and is true no longer."""
    kit = kit_at()
    plan = build(kit, kit.action("mill"), chosen, DAILY, Writer(kit, kit.action("mill"), "ann"))
    facts = kit.action("mill").facts
    reminders = {
        (facts.deadline - row.at.date()).days: row.post
        for row in plan.rows
        if row.post.occasion == "reminder"
    }
    assert set(reminders) == {7, 3}
    for days, post in reminders.items():
        assert f"{days} day" in post.text
        assert post.true_until.date() == facts.deadline - timedelta(days=days)
    last = [row for row in plan.rows if row.post.occasion == "last-day"]
    assert {row.at.date() for row in last} == {kit.action("mill").facts.last_day}


def test_accounts_are_apart_in_time(kit_at, chosen):
    kit = kit_at()
    plan = build(kit, kit.action("mill"), chosen, DAILY, Writer(kit, kit.action("mill"), "ann"))
    assert len({row.at for row in plan.rows}) == len(plan.rows)


def test_what_lacks_is_told(kit_at, project):
    """An account in a language that the case lacks is a gap, and the others are planned."""
    settings = project / "uasocial.toml"
    text = settings.read_text(encoding="utf-8").replace(
        'platform = "mastodon"\nlanguage = "en"', 'platform = "mastodon"\nlanguage = "fr"'
    )
    settings.write_text(text, encoding="utf-8")
    kit = kit_at()
    from uasocial import accounts

    writer = Writer(kit, kit.action("mill"), "ann")
    plan = build(kit, kit.action("mill"), accounts.accounts(kit), DAILY, writer)
    assert "hall: the case has no words in fr" in plan.gaps
    assert {row.account.name for row in plan.rows} == {"board", "second"}


def test_nothing_is_planned_when_all_is_over(kit_at, book, chosen):
    kit = kit_at(kit_at().now + timedelta(days=60))
    with pytest.raises(Refused, match="2026-02-09"):
        scheduling.fresh(kit, book, chosen, wish(kit))


def test_a_plan_needs_a_zone_that_knows_its_changes(kit_at, project, book, chosen):
    settings = project / "uasocial.toml"
    text = settings.read_text(encoding="utf-8").removeprefix('time_zone = "Europe/Zurich"')
    settings.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match="time_zone"):
        scheduling.fresh(kit_at(), book, chosen, wish(kit_at()))


def test_a_cadence_of_the_settings_is_known_by_its_name(kit_at, project):
    with (project / "uasocial.toml").open("a", encoding="utf-8") as file:
        file.write('\n[cadences.sundays]\ndays = [5, 12]\nclocks = ["evening"]\n')
    assert plans.cadence_named(kit_at(), "sundays").days == (5, 12)
    with pytest.raises(NotFound, match="sundays"):
        plans.cadence_named(kit_at(), "sunday")


# --- on the ledger -----------------------------------------------------------------------------


def test_a_plan_is_proposed_and_waits_for_somebody_else(planned, book):
    _, _, names = planned()
    entries = scheduling.standing(book, "mill", "daily")
    assert {entry.id for entry in entries} == set(names)
    assert {entry.state for entry in entries} == {"proposed"}
    with pytest.raises(Refused, match="somebody else than ann"):
        approve(book, names, "Ann")


def test_the_same_plan_twice_has_nothing_left_to_say(planned, book, chosen):
    """What is planned already counts as said."""
    kit, wanted, _ = planned()
    again = scheduling.fresh(kit, book, chosen, wanted)
    before = {entry.text for entry in scheduling.standing(book, "mill")}
    assert not before & {row.post.text for row in again.rows}


def test_built_anew_what_is_approved_and_unchanged_stays(planned, kit_at, book, chosen, project):
    """Only the wording that was edited falls out, and its place is filled anew."""
    _, wanted, names = planned()
    approve(book, names)
    words = project / "actions" / "mill" / "en.yaml"
    text = words.read_text(encoding="utf-8").replace("Two:", "Second:")
    words.write_text(text, encoding="utf-8")
    kit = kit_at()
    found = scheduling.renewal(kit, book, chosen, wish(kit))
    assert {entry.wording for entry, _ in found.dropped} == {"two"}
    assert {row.post.wording for row in found.plan.rows} >= {"two"}
    scheduling.renew(kit, book, found, wanted)
    by_state = Counter(entry.state for entry in scheduling.standing(book, "mill", "daily"))
    assert by_state == {"planned": len(found.kept), "proposed": len(found.plan.rows)}


def test_built_anew_without_a_change_changes_nothing(planned, kit_at, book, chosen):
    _, _, names = planned()
    kit = kit_at()
    found = scheduling.renewal(kit, book, chosen, wish(kit))
    assert len(found.kept) == len(names)
    assert not found.dropped
    assert not found.plan.rows


# --- as a file ---------------------------------------------------------------------------------


def test_a_plan_goes_into_a_file_and_what_is_edited_there_is_done(planned, book, tmp_path):
    """One moved, one dropped, one new; the rest stays, approved or not."""
    kit, wanted, names = planned()
    file = tmp_path / "plan.yaml"
    file.write_text(scheduling.written(kit, book, "mill", "daily"), encoding="utf-8")
    assert scheduling.changes(kit, book, file, wanted) == []
    first, second, *_ = scheduling.standing(book, "mill", "daily")
    text = file.read_text(encoding="utf-8")
    old = f"at: {first.planned_for.astimezone(kit.now.tzinfo).isoformat(timespec='minutes')}"
    text = text.replace(old, "at: 2026-02-01T12:00+01:00", 1)
    start = re.search(rf"  - id: \"?{second.short}", text).start()
    end = text.index("  - id:", start + 1)
    text = text[:start] + text[end:]
    file.write_text(text, encoding="utf-8")
    found = scheduling.changes(kit, book, file, wanted)
    assert sorted(one.kind for one in found) == ["dropped", "moved"]
    scheduling.apply(kit, book, found, wanted)
    after = {entry.id: entry for entry in queue.listed(book, states=("proposed", "cancelled"))}
    assert after[first.id].planned_for.isoformat() == "2026-02-01T11:00:00+00:00"
    assert after[second.id].state == "cancelled"
    assert len(after) == len(names)


def test_a_file_that_is_wrong_changes_nothing(planned, book, tmp_path):
    """All of its faults are told, each with its line."""
    kit, wanted, names = planned()
    file = tmp_path / "plan.yaml"
    text = scheduling.written(kit, book, "mill", "daily")
    text = re.sub(rf"id: \"?{names[0][:8]}\"?", "id: ffffffff", text)
    file.write_text(text, encoding="utf-8")
    with pytest.raises(CaseError, match=r"plan\.yaml:\d+: no post of the plan is 'ffffffff'"):
        scheduling.changes(kit, book, file, wanted)
    assert len(scheduling.standing(book, "mill", "daily")) == len(names)


def test_a_new_row_may_not_say_what_is_planned_already(planned, book, tmp_path):
    kit, wanted, _ = planned()
    file = tmp_path / "plan.yaml"
    text = scheduling.written(kit, book, "mill", "daily")
    new = "  - {at: 2026-02-02T12:00+01:00, account: board, wording: three}\n"
    file.write_text(text + new, encoding="utf-8")
    found = scheduling.changes(kit, book, file, wanted)
    before = len(queue.listed(book))
    with pytest.raises(UasocialError, match="says these very words already"):
        scheduling.apply(kit, book, found, wanted)
    assert len(queue.listed(book)) == before


def test_a_reminder_that_is_moved_to_another_day_says_another_number(planned, book, tmp_path):
    """To move it as it is would let it say what is not so; its approval is void."""
    kit, wanted, names = planned()
    approve(book, names)
    file = tmp_path / "plan.yaml"
    text = scheduling.written(kit, book, "mill", "daily")
    one = next(e for e in scheduling.standing(book, "mill") if "7 days" in e.text)
    old = f"{one.planned_for.astimezone(kit.now.tzinfo).isoformat(timespec='minutes')}"
    file.write_text(text.replace(old, "2026-02-05T12:00+01:00"), encoding="utf-8")
    found = scheduling.changes(kit, book, file, wanted)
    assert [change.kind for change in found] == ["moved"]
    scheduling.apply(kit, book, found, wanted)
    (new,) = [e for e in scheduling.standing(book, "mill") if e.state == "proposed"]
    assert "5 days" in new.text
    assert new.planned_for.isoformat() == "2026-02-05T11:00:00+00:00"
    assert queue.find(book, one.id).state == "cancelled"


@pytest.mark.parametrize("day", [2, 4])
def test_a_reminder_is_moved_to_no_other_day_as_it_is(planned, book, day):
    """Its text says seven days, which is so on 3 February alone."""
    planned()
    one = next(e for e in scheduling.standing(book, "mill") if "7 days" in e.text)
    to = one.planned_for.replace(day=day)
    with pytest.raises(Refused, match=r"not true yet|no longer true"), book.write() as connection:
        approvals.reschedule(book, connection, {one.id: to}, "ann")
    assert queue.find(book, one.id).planned_for == one.planned_for


def test_a_file_of_a_plan_that_is_not_there_is_none(book, planned, tmp_path):
    kit, wanted, _ = planned()
    with pytest.raises(NotFound, match="daily"):
        scheduling.written(kit, book, "mill", "dayly")
    with pytest.raises(UasocialError, match="there is no such file"):
        scheduling.changes(kit, book, tmp_path / "none.yaml", wanted)


# --- built anew, with what happened meanwhile --------------------------------------------------


def test_built_anew_for_one_account_the_others_stay(planned, kit_at, book, chosen, project):
    planned()
    words = project / "actions" / "mill" / "en.yaml"
    text = words.read_text(encoding="utf-8").replace("Two:", "Second:")
    words.write_text(text, encoding="utf-8")
    kit = kit_at()
    found = scheduling.renewal(kit, book, [one for one in chosen if one.name == "hall"], wish(kit))
    assert {entry.account for entry, _ in found.dropped} == {"hall"}
    assert {row.account.name for row in found.plan.rows} <= {"hall"}


def test_built_anew_an_account_that_left_the_settings_leaves_the_plan(
    planned, kit_at, book, project
):
    from uasocial import accounts

    planned()
    settings = project / "uasocial.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text[: text.index("[accounts.hall]")], encoding="utf-8")
    kit = kit_at()
    found = scheduling.renewal(kit, book, accounts.accounts(kit), wish(kit))
    assert {entry.account for entry, _ in found.dropped} == {"hall"}


def test_of_two_posts_of_a_day_one_that_falls_out_is_filled_again(
    planned, kit_at, book, chosen, project
):
    """What stays of that day keeps its own place, and takes no other."""
    planned(Cadence(days=(0,), a_day=2, reminders=(), last_day=False))
    words = project / "actions" / "mill" / "en.yaml"
    for number, said in enumerate(("One:", "Two:", "Three:")):
        text = words.read_text(encoding="utf-8")
        words.write_text(text.replace(said, f"{number}."), encoding="utf-8")
        kit = kit_at()
        cadence = Cadence(days=(0,), a_day=2, reminders=(), last_day=False)
        wanted = wish(kit, cadence)
        found = scheduling.renewal(kit, book, chosen, wanted)
        assert {row.at for row in found.plan.rows} == {e.planned_for for e, _ in found.dropped}
        scheduling.renew(kit, book, found, wanted)


def test_what_was_refused_is_not_proposed_again(planned, kit_at, book, chosen):
    _, _, names = planned()
    with book.write() as connection:
        approvals.reject(book, connection, names[:1], "bob", "No.")
    refused = queue.find(book, names[0])
    kit = kit_at()
    found = scheduling.renewal(kit, book, chosen, wish(kit))
    mine = [row for row in found.plan.rows if row.account.name == refused.account]
    assert refused.text not in {row.post.text for row in mine}


def test_the_same_plan_proposed_by_two_at_once_is_proposed_once(kit_at, book, chosen):
    kit = kit_at()
    wanted = wish(kit)
    first, second = (scheduling.fresh(kit, book, chosen, wanted) for _ in range(2))
    names = scheduling.put(kit, book, first, wanted)
    with pytest.raises(Refused, match="planned meanwhile"):
        scheduling.put(kit, book, second, wanted)
    assert len(queue.listed(book)) == len(names)


# --- who may, and what needs whom --------------------------------------------------------------


def add(project, text):
    with (project / "uasocial.toml").open("a", encoding="utf-8") as file:
        file.write(text)


def test_who_may_not_write_proposes_and_changes_nothing(kit_at, book, chosen, project):
    add(project, '\n[people.bob]\nmay = ["approve"]\n')
    kit = kit_at()
    wanted = wish(kit, by="bob")
    found = scheduling.fresh(kit, book, chosen, wanted)
    with pytest.raises(Refused, match="write"):
        scheduling.put(kit, book, found, wanted)
    with pytest.raises(Refused, match="write"):
        scheduling.apply(kit, book, [], wanted)
    assert queue.listed(book) == []


def test_a_team_without_approval_plans_at_once(kit_at, book, project):
    """Save for an account that asks for it all the same."""
    add(project, '\n[team]\napproval = "none"\n')
    text = (project / "uasocial.toml").read_text(encoding="utf-8")
    text = text.replace("[accounts.second]", '[accounts.second]\napproval = "required"')
    (project / "uasocial.toml").write_text(text, encoding="utf-8")
    from uasocial import accounts

    kit = kit_at()
    wanted = wish(kit)
    scheduling.put(kit, book, scheduling.fresh(kit, book, accounts.accounts(kit), wanted), wanted)
    states = {(e.account, e.state) for e in scheduling.standing(book, "mill")}
    assert states == {("board", "planned"), ("hall", "planned"), ("second", "proposed")}


def test_a_plan_under_an_embargo_begins_after_it(kit_at, book, chosen, project):
    facts = project / "actions" / "mill" / "action.yaml"
    text = facts.read_text(encoding="utf-8")
    facts.write_text(f"embargo: 2026-01-28T10:00+01:00\n{text}", encoding="utf-8")
    kit = kit_at()
    wanted = wish(kit)
    found = scheduling.fresh(kit, book, chosen, wanted)
    assert found.rows
    assert min(row.at for row in found.rows).isoformat() >= "2026-01-28T10:00"
    scheduling.put(kit, book, found, wanted)


# --- corrections -------------------------------------------------------------------------------


def test_an_edit_in_a_file_freezes_only_what_it_changes(planned, kit_at, book, project):
    """The others keep their approval; what changed has its new words, and none."""
    _, _, names = planned()
    approve(book, names)
    words = project / "actions" / "mill" / "en.yaml"
    text = words.read_text(encoding="utf-8").replace("One:", "First:")
    words.write_text(text, encoding="utf-8")
    kit = kit_at()
    entries = queue.listed(book, action="mill")
    found = revising.revisions(kit, book, kit.action("mill"), entries, "ann")
    changed = [one for one in found if one.differs]
    assert {one.entry.wording for one in changed} == {"one"}
    frozen = revising.freeze(book, found, "ann")
    after = {entry.id: entry for entry in queue.listed(book, action="mill")}
    assert {after[name].state for name in frozen} == {"proposed"}
    assert all(after[name].text.startswith("First:") for name in frozen)
    assert {e.state for e in after.values() if e.id not in frozen} == {"planned"}
    approve(book, frozen)
    assert {entry.state for entry in queue.listed(book, action="mill")} == {"planned"}


def test_a_wording_that_is_gone_freezes_its_posts_and_says_why(planned, kit_at, book, project):
    _, _, names = planned()
    approve(book, names)
    words = project / "actions" / "mill" / "en.yaml"
    text = words.read_text(encoding="utf-8")
    words.write_text(text[: text.index("  - id: three")], encoding="utf-8")
    kit = kit_at()
    found = revising.revisions(
        kit, book, kit.action("mill"), queue.listed(book, action="mill"), "ann"
    )
    frozen = revising.freeze(book, found, "ann")
    gone = [entry for entry in queue.listed(book, action="mill") if entry.id in frozen]
    assert {entry.wording for entry in gone} == {"three"}
    assert all("it can be said no more" in entry.why for entry in gone)


def test_a_correction_after_the_record_was_written_verifies(planned, kit_at, book, project):
    """The chain and the posts agree, also where words were changed before they went out."""
    from uasocial.outbox.verifying import verify

    planned()
    words = project / "actions" / "mill" / "en.yaml"
    text = words.read_text(encoding="utf-8").replace("One:", "First:")
    words.write_text(text, encoding="utf-8")
    kit = kit_at()
    found = revising.revisions(
        kit, book, kit.action("mill"), queue.listed(book, action="mill"), "ann"
    )
    revising.freeze(book, found, "ann")
    verify(book)


# --- what is out already -----------------------------------------------------------------------


def test_on_x_nobody_repeats_what_another_account_has_sent(kit_at, book, chosen):
    """Not only what is still pending is told apart."""
    kit = kit_at()
    board, second = (one for one in chosen if one.stated.platform == "x")
    first = scheduling.fresh(kit, book, [board], wish(kit))
    names = scheduling.put(kit, book, first, wish(kit))
    approve(book, names)
    with book.write() as connection:
        for name in names:
            deliveries.change(book, connection, name, "sent", "worker", remote_id="1")
    other = scheduling.fresh(kit, book, [second], wish(kit, name="other"))
    assert {row.post.text for row in first.rows}.isdisjoint(row.post.text for row in other.rows)


def test_a_plan_built_anew_leaves_what_may_be_live_to_a_person(
    planned, kit_at, book, chosen, project
):
    """What is in review after a send, or in a person's hands, is neither taken out nor doubled."""
    _, _, names = planned()
    approve(book, names)
    with book.write() as connection:
        marked = {"marked_at": book.now(connection)}
        deliveries.change(book, connection, names[0], "sending", "worker", **marked)
        review = ("sending",)
        deliveries.change(book, connection, names[0], "review", "worker", expected=review)
        deliveries.change(book, connection, names[1], "handed_off", "worker")
    words = project / "actions" / "mill" / "en.yaml"
    text = words.read_text(encoding="utf-8").replace("Let the mill turn", "Let the wheel turn")
    words.write_text(text, encoding="utf-8")
    kit = kit_at()
    found = scheduling.renewal(kit, book, chosen, wish(kit))
    assert found.dropped
    scheduling.renew(kit, book, found, wish(kit))
    assert queue.find(book, names[0]).state == "review"
    assert queue.find(book, names[1]).state == "handed_off"


def test_nothing_is_planned_in_a_rehearsal(kit_at, book, chosen):
    kit = kit_at()
    plan = scheduling.fresh(kit, book, chosen, wish(kit))
    kit.rehearsal = True
    with pytest.raises(UasocialError, match="nothing is planned in a rehearsal"):
        scheduling.put(kit, book, plan, wish(kit))
    assert queue.listed(book) == []


def test_a_deadline_in_another_century_makes_a_plan_of_a_year(kit_at, project, chosen):
    """A slip of the hand in a year is no endless plan; what is left out is said."""
    facts = project / "actions" / "mill" / "action.yaml"
    text = facts.read_text(encoding="utf-8").replace("2026-02-10", "2999-02-10")
    facts.write_text(text, encoding="utf-8")
    kit = kit_at()
    plan = build(kit, kit.action("mill"), chosen[:1], DAILY, Writer(kit, kit.action("mill"), "ann"))
    assert any("no more than 366 days are planned at once" in line for line in plan.left_out)


def test_what_goes_out_without_a_handle_has_not_changed_by_that(planned, book):
    """Its files are as they were: nothing is proposed again, and no handle is put back."""
    kit, wanted, names = planned()
    action = wanted.action
    entry = next(one for one in queue.listed(book) if one.wording == "one" and one.platform == "x")
    account = accounts.account(kit, entry.account)
    at = posting.at_moment(kit, account, entry.planned_for)
    draft = posting.draft_for(at, action, account, entry.occasion, entry.wording)
    bare = posting.without_handles(at, action, account, draft)
    with book.write() as connection:
        connection.execute(sa.update(posts).where(posts.c.id == entry.post).values(without=bare))
        ours = sa.update(table).where(table.c.id == entry.id)
        connection.execute(ours.values(without=True))
    assert names
    (found,) = revising.revisions(kit, book, action, [queue.find(book, entry.id)], "ann")
    assert not found.differs


def test_two_wordings_that_have_become_one_are_not_both_said(planned, kit_at, book, project):
    """No account says the same twice, also where an edit has made two texts alike."""
    planned()
    words = project / "actions" / "mill" / "en.yaml"
    text = words.read_text(encoding="utf-8").replace("Two:", "One:")
    words.write_text(text, encoding="utf-8")
    kit = kit_at()
    entries = queue.listed(book, action="mill")
    found = revising.revisions(kit, book, kit.action("mill"), entries, "ann")
    assert {one.why for one in found if one.differs} == {"another post says these very words"}
