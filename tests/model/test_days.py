"""Days of a case, and where a day ends first."""

from datetime import date, datetime

import pytest

from uasocial.model import Day, latest_today

TODAY = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2022-01-03", date(2022, 1, 3)),
        ("today", TODAY),
        ("today+21", date(2026, 3, 22)),
        ("today - 1", date(2026, 2, 28)),
    ],
)
def test_an_example_may_count_its_days_from_today(text, day):
    assert Day.parse(text, TODAY) == day


def test_a_real_case_may_not_count_its_days_from_today():
    with pytest.raises(ValueError, match="example: true"):
        Day.parse("today+21")


@pytest.mark.parametrize(
    "text", ["2021-02-29", "2021-13-01", "3 January 2022", "2022-1-3", "20220103", "", 2022, None]
)
def test_what_is_no_day_is_refused(text):
    with pytest.raises(ValueError, match="is no da"):
        Day.parse(text, TODAY)


def test_34_days_were_left_on_30_november_and_the_last_day_is_2_january(sample_kit):
    facts = sample_kit.action("ua-119-21").facts
    assert facts.days_left(date(2021, 11, 30)) == 34
    assert facts.last_day == date(2022, 1, 2)


def test_a_deadline_that_is_inclusive_is_the_last_day(cases):
    cases.write(
        facts=(cases.write("other") / "action.yaml").read_text() + "deadline_inclusive: true\n"
    )
    assert cases.kit().action("gate").facts.last_day == date(2026, 2, 10)


def test_the_day_counts_that_ends_first():
    now = datetime.fromisoformat("2022-01-02T20:00+00:00")
    assert latest_today(now, ["America/Lima"]) == date(2022, 1, 2)
    assert latest_today(now, ["America/Lima", "Asia/Tokyo"]) == date(2022, 1, 3)
    assert latest_today(now, []) == date(2022, 1, 2)
