"""`uasocial target`: a new holder, and all that still names the one before."""

import json

import pytest
from tests.updating.conftest import BY, TODAY, day

FACTS = f"""\
# Our facts.
countries: [PE]
active_since: {day(-5)}
deadline: {day(20)}
link: {{en: "https://example.org/1/en", es: "https://example.org/1/es"}}
targets:
  - id: minister
    office: {{en: Minister of Gates, es: Ministra de Puertas}}
    country: PE
    holders:
      - name: Ana Vellano # since the election
        handles: {{x: ana_v, mastodon: "ana_v@social.example"}}
        salutation: {{en: Dear Minister, es: Señora Ministra}}
        confirmed_on: {day(-40)}
mentions: {{mastodon: ["ana_v@social.example"]}}
"""
EN = """\
title: Open the gate
lead: The gate is closed.
body:
  - >-
    Nobody knows why it is closed,
    and Minister Vellano does not say.
demands: [Open the gate]
letter: {salutation: "Dear Minister,", paragraphs: [Please open it.]}
posts:
  - {id: plain, template: "Open the gate. {{ action | link }}"}
  - {id: asked, template: "{{ target | mention }}, open the gate. {{ action | link }}"}
  - {id: literal, text: "@Ana_V, open it: https://example.org/1/en", platforms: [x]}
"""
ES = """\
title: Abran la puerta
lead: La puerta está cerrada.
demands: [Abran la puerta]
letter: {salutation: "Señora Ministra:", paragraphs: [Ábrala.]}
posts:
  - {id: plain, template: "Abran la puerta. {{ action | link }}"}
"""
NEW = ("target", "gate", "minister", "--new-holder", "Bruno Quillan")


@pytest.fixture
def run(desk, cases):
    cases.write(facts=FACTS, en=EN, es=ES)
    for wording in ("plain", "asked", "literal"):
        desk.plan("con-en", wording)
    desk.plan("con-es", "plain")
    return desk


def holders(desk):
    return (
        desk.cases.kit(TODAY.isoformat() + "T12:00+00:00").action("gate").facts.targets[0].holders
    )


def test_a_new_holder_is_on_record_and_the_old_one_has_a_last_day(run):
    ended = run(*NEW, "--handle", "x=@bruno_q", "--salutation", "en=Dear Minister", *BY)
    assert ended.status == 0
    old, new = holders(run)
    assert (old.name, str(old.until)) == ("Ana Vellano", day(-1))
    assert (new.name, new.handles, new.salutation) == (
        "Bruno Quillan",
        {"x": "bruno_q"},
        {"en": "Dear Minister"},
    )
    assert (str(new.since), str(new.confirmed_on), new.until) == (day(0), day(0), None)
    assert run.text().startswith("# Our facts.\n")
    assert "# since the election" in run.text()
    assert ended.err == (
        "Bruno Quillan has no salutation in es: add it with --salutation TAG=TEXT\n"
    )
    assert f"minister: Bruno Quillan since {day(0)}: written" in ended.out


def test_every_literal_name_handle_and_salutation_is_told_with_its_line(run):
    out = run(*NEW, "--salutation", "en=Dear Minister", *BY).out
    lines = run.text().splitlines()
    mentions = 1 + next(n for n, line in enumerate(lines) if line.startswith("mentions"))
    told = [line.strip() for line in out.splitlines() if line.startswith("  actions/gate/")]
    assert told == [
        f"actions/gate/action.yaml:{mentions}: mentions.mastodon.1 has '@ana_v@social.example'",
        "actions/gate/en.yaml:6: body.1 has 'Vellano'",
        "actions/gate/en.yaml:12: posts.3.text has '@Ana_V'",
        "actions/gate/es.yaml:4: letter.salutation has 'Señora Ministra'",
    ]


def test_posts_that_name_the_old_one_wait_for_a_person_and_no_others(run):
    out = run(*NEW, *BY).out
    assert run.states() == {
        ("con-en", "plain"): "planned",
        ("con-en", "asked"): "proposed",
        ("con-en", "literal"): "proposed",
        ("con-es", "plain"): "planned",
    }
    frozen = out.partition("Frozen until somebody has looked:\n")[2]
    assert frozen.count("con-en (en)") == 2


def test_a_dry_run_shows_the_same_and_changes_nothing(run):
    ended = run(*NEW, "--dry-run", *BY)
    assert (ended.status, run.text()) == (0, FACTS)
    assert ended.out.partition("Would be frozen:\n")[2].count("con-en (en)") == 2
    assert "nothing is written: this was a dry run" in ended.out
    assert set(run.states().values()) == {"planned"}


def test_until_the_day_of_the_change_posts_may_name_the_old_one(run):
    assert run(*NEW, "--since", day(5), *BY).status == 0
    assert set(run.states().values()) == {"planned"}
    assert [str(holder.until) for holder in holders(run)] == [day(4), "None"]


def test_a_lost_ledger_is_told_loudly_and_doing_it_again_completes_it(run, monkeypatch):
    monkeypatch.setenv("UASOCIAL_LEDGER_URL", "postgresql://ana:secret@127.0.0.1:1/ledger")
    ended = run(*NEW, *BY)
    assert ended.status == 1
    assert "ITS POSTS ARE NOT FROZEN" in ended.err
    assert "secret" not in ended.err
    monkeypatch.delenv("UASOCIAL_LEDGER_URL")
    before = run.text()
    again = run(*NEW, *BY)
    assert (again.status, run.text()) == (0, before)
    assert "on record already" in again.out
    assert run.states()["con-en", "literal"] == "proposed"


def test_it_answers_in_json(run):
    said = json.loads(run(*NEW, "--json", *BY).out)
    assert (said["holder"], said["written"], len(said["frozen"])) == ("Bruno Quillan", True, 2)
    assert {place["file"] for place in said["places"]} == {"action.yaml", "en.yaml", "es.yaml"}


def test_a_confirmation_sets_the_day_and_nothing_else(run):
    assert "C012" in run("check", "gate").out
    ended = run("target", "gate", "--confirm", "minister", *BY)
    assert ended.out.endswith("minister: Ana Vellano: confirmed today\n")
    assert run.text() == FACTS.replace(day(-40), day(0))
    assert "C012" not in run("check", "gate").out
    assert run("target", "gate").out == "minister: Ana Vellano, confirmed today\n"


def test_the_targets_are_listed_with_how_long_ago_each_was_confirmed(run):
    assert run("target", "gate").out == "minister: Ana Vellano, confirmed 40 days ago\n"
    said = json.loads(run("target", "gate", "--json").out)
    assert said["targets"][0]["confirmed_on"] == day(-40)


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("gate", "ministre", "--new-holder", "B"), "no target 'ministre'; did you mean"),
        (("gate", "minister", "--new-holder", "B\u202e"), "targets"),
        (("gate", "minister", "--new-holder", "B", "--handle", "x=a b"), "handle"),
        (("gate", "minister", "--new-holder", "B", "--handle", "blusky=b.c"), "did you mean"),
        (("gate", "minister", "--new-holder", "B", "--handle", "x"), "is not written as"),
        (("gate", "minister", "--new-holder", "B", "--salutation", "xx=Sir"), "xx"),
        (("gate", "minister"), "name the TARGET"),
        (("gate", "minister", "--new-holder", "B", "--confirm"), "with --new-holder NAME or"),
    ],
)
def test_what_cannot_be_is_one_clear_error_and_nothing_is_written(run, args, said):
    ended = run("target", *args, *BY)
    assert ended.status in (1, 2)
    assert said in ended.err
    assert run.text() == FACTS
    assert set(run.states().values()) == {"planned"}


def test_nobody_begins_before_the_one_before_them(run):
    assert run(*NEW, "--since", day(-2), *BY).status == 0
    ended = run("target", "gate", "minister", "--new-holder", "Clara Ost", "--since", day(-2), *BY)
    assert (ended.status, "has held the office since" in ended.err) == (1, True)


def test_a_name_that_the_new_holder_has_too_marks_nobody(run):
    ended = run("target", "gate", "minister", "--new-holder", "Eva Vellano", *BY)
    assert "has 'Vellano'" not in ended.out
    assert run.states()["con-en", "asked"] == "proposed"


def test_only_who_may_write_names_a_new_holder(run):
    settings = run.cases.root / "uasocial.toml"
    with settings.open("a", encoding="utf-8") as file:
        file.write('\n[people."Dalia Torvane"]\nmay = ["approve"]\n')
    ended = run(*NEW, *BY)
    assert (ended.status, ended.err.count("\n"), run.text()) == (1, 1, FACTS)
    assert run(*NEW, "--dry-run", *BY).status == 0
