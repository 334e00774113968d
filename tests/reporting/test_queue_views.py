"""The queue by days, what is late in it, and as a file for calendars."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from icalendar import Calendar

from uasocial.cli import queue_views
from uasocial.outbox import seeing
from uasocial.planning.calendar import LENGTH

SOON = datetime.now(UTC).replace(microsecond=0, second=0) + timedelta(days=2)


@pytest.fixture
def planned(command):
    """A project with a post that is planned in two days; returns the command line."""
    at = SOON.isoformat()
    ended = command("publish", "gate", "-a", "con-en", "--at", at, "--yes")
    assert ended.status == 0, ended.err
    return command


def events(command, root):
    ended = command("queue", "--ics", str(root / "plan.ics"))
    assert ended.status == 0, ended.err
    return Calendar.from_ical((root / "plan.ics").read_bytes()).walk("VEVENT")


def test_a_day_shows_its_posts_with_time_account_and_state_and_names_the_zone(planned):
    out = planned("queue", "--calendar").out
    assert "Europe/Zurich" in out
    line = next(line for line in out.splitlines() if "con-en" in line)
    assert "planned" in line
    assert not line.startswith("  " + "00:00")


def test_the_calendar_as_data_has_each_day_of_its_weeks(planned):
    found = json.loads(planned("queue", "--calendar", "--weeks", "2", "--json").out)
    assert (found["zone"], len(found["days"])) == ("Europe/Zurich", 14)
    assert sum(day["total"] for day in found["days"]) == 1
    assert all("text" not in post for day in found["days"] for post in day["posts"])


@pytest.mark.parametrize(
    ("now", "day", "hours"),
    [("2026-03-24T12:00+01:00", 6, 23), ("2026-10-20T12:00+02:00", 6, 25)],
)
def test_a_day_on_which_clocks_are_set_has_its_own_length(cases, now, day, hours):
    from zoneinfo import ZoneInfo

    kit = cases.kit()
    kit.now = datetime.fromisoformat(now).astimezone(ZoneInfo("Europe/Zurich"))
    edges = [edge.astimezone(UTC) for edge in queue_views._edges(kit, 1)]
    assert edges[day + 1] - edges[day] == timedelta(hours=hours)


def test_an_hour_that_comes_twice_is_told_apart(cases):
    from zoneinfo import ZoneInfo

    kit = cases.kit()
    kit.now = datetime(2026, 10, 20, 12, tzinfo=ZoneInfo("Europe/Zurich"))
    moment = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    empty = dict.fromkeys(seeing.Seen._fields, "")
    seen = seeing.Seen(**{**empty, "not_before": moment, "state": "planned"})
    assert queue_views._line(kit, seen).startswith("02:30 CET ")


def test_nothing_late_is_said_in_words_and_as_an_empty_list(planned):
    assert planned("queue", "--late").out == "Nothing is late.\n"
    assert json.loads(planned("queue", "--late", "--json").out)["deliveries"] == []


def test_two_views_at_once_are_refused(planned):
    assert planned("queue", "--calendar", "--late").status == 2
    assert planned("queue", "--late", "--state", "sent").status == 2


def test_a_view_of_nobody_is_an_error(planned):
    for view in ("--calendar", "--late"):
        assert planned("queue", "gat", view).status == 1
        assert planned("queue", view, "--account", "nobody").status == 1


def test_without_a_ledger_a_view_is_empty_and_makes_none(project, command):
    assert command("queue", "--calendar").status == 0
    assert command("queue", "--late").status == 0
    assert not (project.root / "ledger.db").exists()


def test_an_event_has_number_language_platform_and_wording_and_no_word_of_the_case(
    planned, project
):
    post, deadline = events(planned, project.root)
    assert str(post["summary"]) == "UA 1/26  en  x  doorkey"
    assert post.decoded("dtstart") == SOON
    assert str(deadline["summary"]) == "UA 1/26  last day to act"
    text = (project.root / "plan.ics").read_text(encoding="utf-8")
    assert [word for word in ("Samar", "Belkori", "gate for", "Dalia") if word in text] == []


def test_the_last_moment_ends_with_the_last_day(planned, project):
    deadline = events(planned, project.root)[-1]
    facts = project.kit(datetime.now(UTC).isoformat()).action("gate").facts
    end = deadline.decoded("dtstart") + LENGTH
    assert end.date() in {facts.last_day, facts.last_day + timedelta(days=1)}


def test_what_is_cancelled_says_so_under_the_same_name_with_a_higher_number(planned, project):
    before = events(planned, project.root)
    planned("stop", "gate", "--by", "Dalia", "--why", "she is free")
    after = events(planned, project.root)
    assert [one["uid"] for one in after] == [one["uid"] for one in before]
    assert [str(one["status"]) for one in after] == ["CANCELLED", "CANCELLED"]
    assert after[0].decoded("sequence") > before[0].decoded("sequence")


def test_a_withdrawn_action_without_a_number_is_not_named_after_its_folder(planned, project):
    facts = project.root / "actions/gate/action.yaml"
    text = facts.read_text(encoding="utf-8").replace("number: UA 1/26\n", "")
    facts.write_text(text, encoding="utf-8")
    planned("withdraw", "gate", "--by", "Dalia", "--why", "asked for")
    assert (
        str(events(planned, project.root)[-1]["summary"])
        == "an action without a number  last day to act"
    )


def test_a_file_that_is_no_calendar_stays(planned, project):
    other = project.root / "notes.ics"
    other.write_text("my notes", encoding="utf-8")
    assert planned("queue", "--ics", str(other)).status == 1
    assert other.read_text(encoding="utf-8") == "my notes"


def test_what_the_ledger_alone_says_is_withdrawn_is_not_named_either(planned, project):
    """It was withdrawn on another machine: the files here do not know it yet."""
    facts = project.root / "actions/gate/action.yaml"
    before = facts.read_text(encoding="utf-8").replace("number: UA 1/26\n", "")
    planned("withdraw", "gate", "--by", "Dalia", "--why", "asked for")
    facts.write_text(before, encoding="utf-8")
    found = events(planned, project.root)
    assert found
    assert not any("gate" in str(one["summary"]) for one in found)
    assert not any("doorkey" in str(one["summary"]) for one in found)
