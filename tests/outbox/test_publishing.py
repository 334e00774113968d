"""From drafts to orders: what is refused while it can be mended, and what a post is bound to."""

import dataclasses
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from PIL import Image

from uasocial import accounts, carrying_out, learned, publishing, stopping, tightening
from uasocial.day_ends import end_of_day
from uasocial.errors import NotFound, Refused, UasocialError
from uasocial.model.post import Mention
from uasocial.outbox import controls, queue
from uasocial.outbox.ledger import Ledger
from uasocial.outbox.media import read_media
from uasocial.platforms.publisher import Price, ServerLimits
from uasocial.publishing import Wish, checked_permalink

NOW = "2026-01-20T12:00+00:00"
ACCOUNTS = """
[accounts.con-en]
platform = "x"
language = "en"
kind = "console"
[accounts.hand-en]
platform = "bluesky"
language = "en"
mode = "by hand"
[accounts.ask-en]
platform = "mastodon"
language = "en"
kind = "console"
approval = "required"
[accounts.con-de]
platform = "x"
language = "de"
kind = "console"
"""
FACTS = """\
number: UA 1/26
countries: [PE]
active_since: 2026-01-10
deadline: 2026-02-10
link: {en: "https://example.org/1/en"}
targets:
  - {id: minister, office: {en: Minister of Gates}, country: PE}
do_not_post: [Mill Road]
people:
  - name: Samar Belkori
    consents:
      - {use: name, given_on: 2026-01-11}
      - {use: social-media, given_on: 2026-01-11, expires_on: 2026-01-25}
"""
WORDS = """\
title: Open the gate
lead: The gate is closed.
demands: [Open the gate]
alt: {gate: A gate with a chain., street: "A gate, in Mill Road."}
"""
POSTS = """\
posts:
  - {id: plain, template: "Open the gate. {{ action | link }}"}
  - {id: days, template: "Open it: {{ action | days_left }}. {{ action | link }}"}
  - {id: name, template: "Samar Belkori asked why. {{ action | link }}"}
  - {id: road, template: "The gate in Mill Road. {{ action | link }}"}
"""


@pytest.fixture
def project(cases):
    """A project with a case, four accounts and two pictures; the clock stands still."""
    cases.settings(ACCOUNTS)
    folder = cases.write(facts=FACTS, en=WORDS + POSTS)
    (folder / "media").mkdir()
    for name in ("gate", "street", "bare"):
        Image.new("RGB", (40, 30), "red").save(folder / "media" / f"{name}.jpg")
    return cases


@pytest.fixture
def ledger(ledger_url):
    made = Ledger(ledger_url, clock=lambda: datetime.fromisoformat(NOW))
    made.create()
    yield made
    made.close()


def prepare(project, *names, at=None, facts="", **wish):
    """Make ready what the accounts *names* say of the case."""
    if facts:
        path = project.root / "actions" / "gate" / "action.yaml"
        path.write_text(FACTS + facts, encoding="utf-8")
    kit = project.kit(NOW)
    chosen = [accounts.account(kit, name) for name in names or ["con-en"]]
    wanted = Wish("Dalia Torvane", at=at and datetime.fromisoformat(at), **wish)
    action = kit.action("gate")
    return kit, action, publishing.prepare(kit, action, chosen, wanted), wanted


def plan(project, ledger, *names, **wish):
    kit, action, going, wanted = prepare(project, *names, **wish)
    accounts.sync(kit, ledger)
    return kit, publishing.plan(kit, ledger, action, going, wanted)


# --- words -----------------------------------------------------------------------------------


def test_a_draft_is_rendered_for_the_moment_it_is_meant_for(project):
    texts = []
    for at in (None, "2026-02-01T10:00+00:00"):
        _, _, (one,), _ = prepare(project, wording="days", at=at)
        texts.append(one.post.text)
    assert "21 days" in texts[0]
    assert "9 days" in texts[1]


def test_a_text_that_says_the_days_is_true_to_the_end_of_that_day_where_it_ends_first(project):
    _, _, (one,), _ = prepare(project, wording="days", at="2026-02-01T10:00+00:00")
    assert one.post.true_until == datetime(2026, 2, 2, tzinfo=UTC) - timedelta(microseconds=1)
    assert one.post.last_moment == datetime(2026, 2, 10, tzinfo=UTC) - timedelta(microseconds=1)
    _, _, (plain,), _ = prepare(project, wording="plain")
    assert plain.post.true_until == plain.post.last_moment


def test_a_day_ends_where_it_ends_first():
    zones = [UTC, ZoneInfo("America/Lima"), ZoneInfo("Asia/Tokyo")]
    end = end_of_day(date(2026, 2, 9), zones)
    assert end == datetime.fromisoformat("2026-02-09T23:59:59.999999+09:00")


def test_a_post_carries_what_binds_it(project):
    kit, action, (one,), _ = prepare(project, wording="plain", facts="embargo: 2026-01-19T10:00Z\n")
    post = one.post
    assert (post.action, post.account, post.platform, post.language) == (
        "gate",
        "con-en",
        "x",
        "en",
    )
    assert (post.countries, post.link) == (("PE",), "https://example.org/1/en")
    assert post.embargo == action.facts.embargo
    assert (post.created_by, post.created_at) == ("Dalia Torvane", kit.now)


def test_the_version_of_a_case_changes_with_its_files(project):
    before = prepare(project, wording="plain")[2][0].post
    same = prepare(project, wording="plain")[2][0].post
    after = prepare(project, wording="plain", facts="notes: [looked at]\n")[2][0].post
    assert before.case_version == same.case_version != after.case_version
    assert before.sha256 == after.sha256


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ({"at": "2026-02-10T08:00+00:00"}, "the last day to act was 2026-02-09"),
        ({"at": "2026-01-20T11:00+00:00"}, "is over"),
        ({"facts": "embargo: 2026-01-22T10:00+00:00\n"}, "is under embargo"),
        ({"facts": "ended: {how: stop, on: 2026-01-19}\n"}, "was stopped"),
        ({"facts": "ended: {how: withdrawn, on: 2026-01-19}\n"}, "was withdrawn"),
        ({"wording": "road"}, "Mill Road"),
        ({"wording": "name", "at": "2026-01-26T12:00+00:00"}, "names Samar Belkori"),
        ({"occasion": "last-day", "wording": None}, "today is not the last day"),
        ({"occasion": "good-news", "wording": None}, "no good news is on record"),
        ({"wording": None}, "--wording: plain, days, name, road"),
    ],
)
def test_what_may_not_go_out_at_its_moment_is_refused(project, wish, said):
    with pytest.raises(UasocialError, match=said):
        prepare(project, **{"wording": "plain", **wish})


def test_an_embargo_that_is_over_by_then_lets_a_post_be_planned(project, ledger):
    facts = "embargo: 2026-01-22T10:00+00:00\n"
    later = "2026-01-22T10:30+00:00"
    _, (name,) = plan(project, ledger, wording="plain", facts=facts, at=later)
    assert queue.find(ledger, name).planned_for == datetime.fromisoformat(later)


def test_an_account_whose_language_the_case_lacks_is_refused(project):
    with pytest.raises(UasocialError, match="no words in 'de'"):
        prepare(project, "con-de", wording="plain")


def test_an_account_and_a_wording_that_are_none_are_said(project):
    with pytest.raises(NotFound, match="no account 'con'"):
        prepare(project, "con", wording="plain")
    with pytest.raises(NotFound, match="no wording 'plan'"):
        prepare(project, wording="plan")


def test_nothing_is_published_in_a_rehearsal(project):
    kit = project.kit(NOW, rehearsal=True)
    with pytest.raises(UasocialError, match="rehearsal"):
        publishing.prepare(kit, kit.action("gate"), [], Wish("me"))


def test_what_tells_of_the_end_is_bound_to_no_deadline(project, ledger):
    path = project.root / "actions" / "gate" / "en.yaml"
    path.write_text(path.read_text() + "outcome: The gate is open.\n", encoding="utf-8")
    ended = "ended: {how: good-news, on: 2026-01-19}\n"
    wish = {"occasion": "good-news", "facts": ended, "at": "2026-03-01T10:00+00:00"}
    _, _, (one,), _ = prepare(project, **wish)
    assert (one.post.true_until, one.post.last_moment) == (None, None)
    assert plan(project, ledger, **wish)[1]


# --- pictures --------------------------------------------------------------------------------


def test_a_picture_of_the_case_comes_with_its_alt_text(project, ledger):
    _, (name,) = plan(project, ledger, wording="plain", media=(Path("gate.jpg"),))
    (media,) = queue.post_in(ledger, queue.find(ledger, name)).media
    assert (media.alt, media.type, media.width) == ("A gate with a chain.", "image/jpeg", 40)
    assert Image.open(BytesIO(read_media(ledger, media.sha256))).size == (40, 30)


@pytest.mark.parametrize(
    ("media", "alts", "said"),
    [
        (("bare.jpg",), (), "has no alt text"),
        (("gate.jpg",), ("a", "b"), "give --alt once for each"),
        (("gate.jpg",), (" ",), "--alt is empty"),
        (("gate.jpg",), ("a" * 1001,), "the alt text is 1 too long"),
        (("street.jpg",), (), "Mill Road"),
        (("gate.jpg",), ("Samar Belkori at Mill Road",), "not to be posted"),
        (("gate.jpg",) * 5, (), "takes 4 pictures, and 5"),
        (("none.jpg",), ("A gate.",), "there is no such file"),
        (("../action.yaml",), ("A gate.",), "is no picture"),
    ],
)
def test_a_picture_that_may_not_go_out_is_refused(project, media, alts, said):
    with pytest.raises(UasocialError, match=said):
        prepare(project, wording="plain", media=tuple(map(Path, media)), alts=alts)


def test_pictures_of_people_who_did_not_consent_are_pointed_out(project):
    _, _, (one,), _ = prepare(project, wording="plain", media=(Path("gate.jpg"),))
    assert [warning for warning in one.warnings if "Samar Belkori" in warning]


def test_what_an_accounts_own_server_says_counts_for_its_words_and_pictures(project):
    said = ServerLimits(server="a.example", length=20, media=1, alt=5)
    learned.learn(project.kit(NOW).project, "ask-en", said)
    with pytest.raises(Refused, match=r"is 1[0-9] too long \(.* of 20\)"):
        prepare(project, "ask-en", wording="plain")
    learned.learn(project.kit(NOW).project, "ask-en", ServerLimits(server="a.example", media=1))
    two = (Path("gate.jpg"),) * 2
    with pytest.raises(UasocialError, match="ask-en: takes 1 picture, and 2 were given"):
        prepare(project, "ask-en", wording="plain", media=two)
    assert prepare(project, "con-en", wording="plain", media=two)[2]
    learned.learn(project.kit(NOW).project, "ask-en", ServerLimits(server="a.example", alt=5))
    with pytest.raises(UasocialError, match="the alt text is 15 too long for ask-en"):
        prepare(project, "ask-en", wording="plain", media=two[:1])


# --- threads and mentions --------------------------------------------------------------------


def test_the_posts_of_a_thread_answer_each_other_and_alone_the_first_has_pictures(project, ledger):
    wish = {"wording": "plain", "then": ("days",), "media": (Path("gate.jpg"),)}
    _, _, (first, second), _ = prepare(project, **wish)
    assert (first.post.answers, second.post.answers) == (None, first.post.id)
    assert [(one.part, one.parts) for one in (first, second)] == [(1, 2), (2, 2)]
    assert (len(first.post.media), second.post.media) == (1, ())
    _, names = plan(project, ledger, **wish)
    entries = [queue.find(ledger, name) for name in names]
    assert [entry.answers for entry in entries] == ["", names[0]]


def test_a_thread_that_says_what_was_said_is_planned_not_at_all(project, ledger):
    plan(project, ledger, wording="days")
    with pytest.raises(Refused, match="these very words already"):
        plan(project, ledger, wording="plain", then=("days",))
    assert len(queue.listed(ledger)) == 1


def test_a_thread_has_an_end(project):
    with pytest.raises(UasocialError, match="a thread has at most 25 posts"):
        prepare(project, wording="plain", then=tuple(map(str, range(25))))


def test_a_price_that_is_none_is_refused_before_anything_is_planned(project):
    kit = project.kit(NOW)
    known = accounts.account(kit, "con-en")
    for price, said in (
        (lambda _: 1 / 0, "what the post costs cannot be said: ZeroDivisionError"),
        (lambda _: "free", "con-en: console gave what is no price"),
        (lambda _: Price(Decimal("NaN"), "USD", "nowhere"), "gave what is no price"),
    ):
        one = known._replace(kind=dataclasses.replace(known.kind, price=price))
        with pytest.raises(UasocialError, match=said):
            publishing.prepare(kit, kit.action("gate"), [one], Wish("me", wording="plain"))


def test_a_post_knows_the_number_of_its_action_and_whom_it_mentions(project):
    holder = "[{name: Ana Example, handles: {x: ana_example}, handle_ids: {x: '7'}}]"
    facts = FACTS.replace("country: PE}", f"country: PE, holders: {holder}}}")
    folder = project.root / "actions" / "gate"
    words = POSTS + '  - {id: ask, template: "{{ target | mention }} and @gates: {{ title }}"}\n'
    (folder / "en.yaml").write_text(WORDS + words, encoding="utf-8")
    (folder / "action.yaml").write_text(facts + "mentions: {x: [Gates]}\n", encoding="utf-8")
    _, _, (one,), _ = prepare(project, wording="ask")
    assert one.post.mentions == (Mention(handle="ana_example", id="7"), Mention(handle="Gates"))
    assert one.post.number == "UA 1/26"
    assert prepare(project, wording="plain")[2][0].post.mentions == ()


# --- on the ledger ---------------------------------------------------------------------------


def test_the_same_words_twice_are_refused_until_they_are_wanted_again(project, ledger):
    _, (first,) = plan(project, ledger, wording="plain")
    with pytest.raises(Refused, match=rf"these very words already \({first[:8]}\)"):
        plan(project, ledger, wording="plain")
    assert plan(project, ledger, wording="plain", again=True)[1]
    assert plan(project, ledger, "hand-en", wording="plain")[1]


def test_words_that_were_cancelled_may_be_said(project, ledger):
    from uasocial.outbox.deliveries import change

    _, (first,) = plan(project, ledger, wording="plain")
    with ledger.write() as connection:
        change(ledger, connection, first, "cancelled", "Dalia Torvane")
    assert plan(project, ledger, wording="plain")[1]


def test_orders_are_planned_all_or_none(project, ledger):
    plan(project, ledger, "hand-en", wording="plain")
    with pytest.raises(Refused):
        plan(project, ledger, "con-en", "hand-en", wording="plain")
    assert [entry.account for entry in queue.listed(ledger)] == ["hand-en"]


def test_what_the_ledger_has_stopped_is_not_planned(project, ledger):
    from uasocial.outbox.controls import Control, add

    with ledger.write() as connection:
        add(ledger, connection, Control("stop", "action", "gate", "Dalia Torvane"))
    with pytest.raises(Refused, match="the action was stopped"):
        plan(project, ledger, wording="plain")
    assert queue.listed(ledger) == []


def test_an_account_that_asks_for_approval_only_proposes(project, ledger):
    _, (name,) = plan(project, ledger, "ask-en", wording="plain")
    assert queue.find(ledger, name).state == "proposed"


def test_words_reach_the_ledger_with_the_post_and_when_files_change(project, ledger):
    kit, _ = plan(project, ledger, wording="plain")
    path = project.root / "actions" / "gate" / "action.yaml"
    path.write_text(FACTS.replace("[Mill Road]", "[gate]"), encoding="utf-8")
    assert tightening.refresh(kit, ledger, ["gate"]) == []
    with ledger.read() as connection:
        import sqlalchemy as sa

        from uasocial.outbox.tables import controls

        words = set(connection.scalars(sa.select(controls.c.word)))
    assert words >= {"Mill Road", "gate", "Samar Belkori"}


def test_a_stop_in_the_files_reaches_the_ledger_before_anything_is_sent(project, ledger):
    kit, (name,) = plan(project, ledger, wording="plain")
    path = project.root / "actions" / "gate" / "action.yaml"
    path.write_text(FACTS + "ended: {how: stop, on: 2026-01-20}\n", encoding="utf-8")
    tightening.refresh(kit, ledger, ["gate"])
    assert queue.find(ledger, name).state == "cancelled"


def test_a_case_that_cannot_be_read_waits_until_it_can(project, ledger):
    """What is broken may be the stop itself; a pause that a person put up stays."""
    kit, (name,) = plan(project, ledger, wording="plain")
    path = project.root / "actions" / "gate" / "action.yaml"
    good = path.read_text(encoding="utf-8")
    path.write_text("number: [", encoding="utf-8")
    assert tightening.refresh(kit, ledger, ["gate"])
    assert tightening.refresh(kit, ledger, ["gate"])
    assert queue.find(ledger, name).state == "planned"
    assert standing(ledger) == [("pause", "gate", tightening.FILES)]
    with ledger.write() as connection:
        controls.add(ledger, connection, controls.Control("pause", "action", "gate", "Ana"))
    path.write_text(good, encoding="utf-8")
    assert not tightening.refresh(kit, ledger, ["gate"])
    assert standing(ledger) == [("pause", "gate", "Ana")]


def test_a_case_that_another_machine_has_is_not_held_here(project, ledger):
    kit, _ = plan(project, ledger, wording="plain")
    assert tightening.refresh(kit, ledger, ["elsewhere"])
    assert standing(ledger) == []


def standing(ledger) -> list[tuple[str, str, str]]:
    with ledger.read() as connection:
        return [(row.kind, row.name, row.by) for row in controls.listed(connection)]


def test_one_case_that_cannot_be_read_does_not_keep_another_from_being_stopped(
    project, ledger, cases
):
    cases.write("arc", facts=FACTS, en=WORDS + POSTS)
    kit, (name,) = plan(project, ledger, wording="plain")
    (project.root / "actions" / "arc" / "action.yaml").write_text("number: [", encoding="utf-8")
    path = project.root / "actions" / "gate" / "action.yaml"
    path.write_text(FACTS + "ended: {how: stop, on: 2026-01-20}\n", encoding="utf-8")
    (fault,) = tightening.refresh(kit, ledger, ["arc", "gate"])
    assert fault.startswith("arc: cannot be read, and may have been stopped")
    assert queue.find(ledger, name).state == "cancelled"


# --- carried out -----------------------------------------------------------------------------


def test_what_is_due_is_sent_at_once_and_nothing_of_other_accounts(project, ledger, capsys):
    kit, (first,) = plan(project, ledger, "hand-en", wording="plain")
    _, (second,) = plan(project, ledger, "con-en", wording="plain")
    (entry,) = carrying_out.send(kit, ledger, [second])
    assert entry.state == "sent"
    assert "Open the gate. https://example.org/1/en" in capsys.readouterr().out
    assert queue.find(ledger, first).state == "planned"


def test_by_hand_text_picture_and_alt_text_are_laid_out(project, ledger, tmp_path):
    kit, (name,) = plan(project, ledger, "hand-en", wording="plain", media=(Path("gate.jpg"),))
    with pytest.raises(UasocialError, match="is planned"):
        carrying_out.lay_out(kit, ledger, queue.find(ledger, name), tmp_path / "out")
    (entry,) = carrying_out.send(kit, ledger, [name])
    assert entry.state == "handed_off"
    laid = carrying_out.lay_out(kit, ledger, entry, tmp_path / "out")
    text, picture, alt = laid.files
    assert text.read_text() == "Open the gate. https://example.org/1/en"
    with Image.open(picture) as opened:
        assert opened.size == (40, 30)
    assert alt.read_text() == "A gate with a chain."
    assert laid.address.startswith("https://bsky.app/intent/compose?text=Open%20the%20gate")


def test_what_was_stopped_meanwhile_is_not_laid_out(project, ledger, tmp_path):
    from uasocial.outbox.controls import Control, add

    kit, (name,) = plan(project, ledger, "hand-en", wording="plain")
    (entry,) = carrying_out.send(kit, ledger, [name])
    with ledger.write() as connection:
        add(ledger, connection, Control("withdraw", "action", "gate", "Dalia Torvane"))
    with pytest.raises(Refused, match="do not post it"):
        carrying_out.lay_out(kit, ledger, entry, tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "http://social.example/1",
        "social.example/1",
        "https://",
        "https://[",
        "https://me@social.example/1",
        "https://social.example/1 2",
        "https://social.example/\n1",
        "https://social.example/<b>",
        "javascript:alert(1)",
        "https://social.example/" + "1" * 2000,
    ],
)
def test_a_permalink_is_an_address_with_https(text):
    with pytest.raises(UasocialError, match="is no address of a post"):
        checked_permalink(text)
    assert checked_permalink("https://social.example/@a/1?b=c#d")


def test_words_of_a_case_are_those_that_the_ledger_refuses(project):
    kit = project.kit(NOW)
    words = dict(stopping.words_of(kit.action("gate"), kit.now))
    assert words["Mill Road"] is None
    assert words["Samar Belkori"] > kit.now
