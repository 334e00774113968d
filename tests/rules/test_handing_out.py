"""When nothing of a case may be handed out, and with which date that is said."""

import pytest

from uasocial.errors import Refused
from uasocial.model import OCCASIONS

OPEN = "2026-01-20T12:00+00:00"


@pytest.fixture
def facts(cases):
    return (cases.write("plain") / "action.yaml").read_text()


def refusal(cases, facts, now=OPEN, occasion="appeal", **options):
    cases.write("gate", facts=facts)
    kit = cases.kit(now, **options)
    return kit.refusal(kit.action("gate"), occasion)


def test_a_case_within_its_days_is_handed_out(cases, facts):
    assert refusal(cases, facts) == ""


@pytest.mark.parametrize("occasion", OCCASIONS)
def test_past_the_deadline_everything_is_refused_with_the_last_day(cases, facts, occasion):
    reason = refusal(cases, facts, "2026-02-11T12:00+00:00", occasion)
    assert reason.startswith("the last day to act was 2026-02-09")


def test_before_its_start_a_case_is_refused_with_its_first_day(cases, facts):
    assert refusal(cases, facts, "2026-01-08T00:00+00:00").startswith("begins on 2026-01-10")


def test_under_embargo_a_case_is_refused_to_the_minute(cases, facts):
    facts += "embargo: 2026-01-20T10:00+01:00\n"
    reason = refusal(cases, facts, "2026-01-20T08:59:59+00:00")
    assert reason == "is under embargo until 2026-01-20 10:00+01:00"
    kit = cases.kit("2026-01-20T09:00:00+00:00")
    assert kit.refusal(kit.action("gate"), "appeal") == ""


@pytest.mark.parametrize("occasion", OCCASIONS)
@pytest.mark.parametrize("how", ["stop", "withdrawn"])
def test_after_a_stop_or_a_withdrawal_nothing_at_all_is_handed_out(cases, facts, how, occasion):
    reason = refusal(cases, facts + f"ended: {{how: {how}, on: 2026-01-15}}\n", occasion=occasion)
    assert reason.endswith("on 2026-01-15; nothing of it is handed out")


@pytest.mark.parametrize("how", ["good-news", "closed"])
def test_after_good_news_only_these_and_thanks_are_handed_out_and_that_also_later(
    cases, facts, how
):
    cases.write("gate", facts=facts + f"ended: {{how: {how}, on: 2026-01-15}}\n")
    kit = cases.kit("2026-05-01T12:00+00:00")
    action = kit.action("gate")
    open_ = {o for o in OCCASIONS if kit.refusal(action, o) == ""}
    assert open_ == {"good-news", "thanks"}
    assert kit.refusal(action, "appeal").startswith("was closed on 2026-01-15")


def test_a_document_that_brings_a_stop_asks_nobody_to_act(cases, facts):
    assert "asks nobody to act" in refusal(cases, facts + "kind: stop\n")
    kit = cases.kit(OPEN)
    assert kit.refusal(kit.action("gate"), "thanks") == ""


def test_a_stop_reason_stays_private(cases, facts):
    ended = "ended: {how: withdrawn, on: 2026-01-15, by: Ana, why: her family asked}\n"
    assert "family" not in refusal(cases, facts + ended)


def test_a_rehearsal_looks_at_its_day_and_lifts_no_stop(cases, facts):
    rehearsed = {"now": "2026-02-01T00:00+00:00", "rehearsal": True}
    assert refusal(cases, facts, **rehearsed) == ""
    folder = cases.root / "actions" / "gate"
    (folder / "action.yaml").write_text(facts + "ended: {how: stop, on: 2026-01-15}\n")
    kit = cases.kit(**rehearsed)
    assert "was stopped on 2026-01-15" in kit.refusal(kit.action("gate"), "appeal")


def test_share_raises_and_names_the_case(cases, facts):
    cases.write("gate", facts=facts)
    kit = cases.kit("2026-02-11T12:00+00:00")
    with pytest.raises(Refused, match=r"^gate: the last day to act was 2026-02-09"):
        kit.share(kit.action("gate"), ["en"], [kit.platform("x")], "appeal")


def test_drafts_of_a_refused_case_have_no_share_address(cases, facts):
    cases.write("gate", facts=facts)
    late, early = cases.kit("2026-02-11T12:00+00:00"), cases.kit(OPEN)
    addresses = [
        next(k.drafts(k.action("gate"), ["en"], [k.platform("x")], "appeal")).share_url
        for k in (late, early)
    ]
    assert addresses[0] is None
    assert addresses[1].startswith("https://x.com/")


# The last day is 9 February. Lima is at -5, Tokyo at +9.
@pytest.mark.parametrize(
    ("now", "open_"),
    [
        # Lima, the target's, has 9 February for five hours more than Greenwich.
        ("2026-02-09T23:30+00:00", True),
        ("2026-02-10T00:30+00:00", False),
        # In Tokyo, the publisher's, the day is over while it is noon in Lima.
        ("2026-02-10T00:30+09:00", False),
        ("2026-02-09T23:30+09:00", True),
        # In Honolulu it is still the 9th when in Lima the 10th has begun.
        ("2026-02-09T20:00-10:00", False),
        ("2026-02-09T18:00-10:00", True),
    ],
)
def test_the_earlier_end_of_target_s_and_publisher_s_day_counts(cases, facts, now, open_):
    assert (refusal(cases, facts, now) == "") is open_


def test_a_stated_zone_counts_in_place_of_the_target_s(cases, facts):
    facts += "time_zone: Asia/Tokyo\n"
    assert refusal(cases, facts, "2026-02-09T14:30+00:00") == ""
    assert "2026-02-09" in cases.kit("2026-02-09T15:30+00:00").refusal(
        cases.kit().action("gate"), "appeal"
    )
