"""`uasocial letter`: standard output is the letter alone, and nothing goes out too late."""

import json
from email import message_from_bytes, policy

import pytest

UA = ("letter", "ua-119-21", "--as-of", "2021-12-01")
SCHOOL = ("letter", "school-in-the-hills", "-l", "en")
MINISTER = (*SCHOOL, "-t", "minister-of-education")


def test_standard_output_is_the_letter_and_all_else_stands_on_standard_error(command):
    ended = command(*UA, "--from", "ch")
    assert ended.status == 0
    page, copy = ended.out.split("\f\n")
    assert page.lstrip("\n").startswith("Oscar Maúrtua De Romaña\nMinistro de Relaciones Exterio")
    assert "\nCercado de Lima, Lima\nPÉROU\n\n1 de diciembre de 2021\n\nLa niñez" in page
    assert copy.lstrip("\n").startswith("Embajada del Perú\nThunstrasse 36\n3005 Berne\n\n")
    said = ended.err.splitlines()
    assert said[0] == "Rehearsal, as of 2021-12-01: nothing here is to be sent."
    assert said[1].startswith("! Si tienes vínculos con el Perú")
    assert said[-1].startswith("! Postage from CH to PE: CHF 2.50 (valid from 2024-01-01; ")


def test_from_elsewhere_the_country_is_in_english_and_the_missing_embassy_is_said(command):
    ended = command(*UA, "--from", "GB")
    assert "\nPERU\n" in ended.out
    assert "\f" not in ended.out
    assert "! no embassy in GB is on record: there is no copy\n" in ended.err


def test_each_target_has_its_letter_and_one_may_be_chosen(command):
    pages = command(*SCHOOL).out.split("\f\n")
    assert ["Dalia Torvane" in pages[0], "Haron Velsi" in pages[1], len(pages)] == [True, True, 2]
    assert "\nDear Governor,\n" in pages[1]
    assert "\f" not in command(*MINISTER).out


def test_advice_for_several_letters_is_said_once(command):
    assert command(*SCHOOL).err.count("Do you have ties") == 1


def test_the_e_mail_has_the_line_ends_of_mail(uasocial):
    ended = uasocial(*MINISTER, "--from", "CH", "--format", "eml")
    assert ended.status == 0
    assert "\r\nTo: minister@education.example\r\nCc: embassy@orvania.example\r\n" in ended.out
    assert ended.out.count("\n") == ended.out.count("\r\n")
    assert "! An e-mail shows your address" in ended.err


def test_an_e_mail_of_a_rehearsal_says_so_in_its_subject(command):
    ended = command(*MINISTER, "--format", "eml", "--as-of", _today())
    mail = message_from_bytes(ended.out.encode(), policy=policy.default)
    assert mail["Subject"].startswith(f"Rehearsal, as of {_today()}: nothing here is to be sent. O")


def _today():
    from datetime import datetime

    return str(datetime.now().astimezone().date())


def test_json_has_the_parts_of_the_letter(command):
    found = json.loads(command(*UA, "--from", "CH", "--json").out)
    (letter,) = found.pop("letters")
    assert found == {"schema": 1, "as_of": "2021-12-01"}
    keys = "action target language from address subject salutation paragraphs closing copy notes"
    assert set(letter) >= set(keys.split())
    assert (letter["target"], letter["language"], letter["from"]) == (
        "foreign-minister",
        "es",
        "CH",
    )
    assert letter["address"][-1] == "PÉROU"
    assert letter["copy"]["id"] == "embassy-berne"
    assert letter["notes"][0].startswith("Si tienes")


def test_name_and_address_come_from_a_file_or_from_standard_input(uasocial, tmp_path):
    (tmp_path / "me.txt").write_text("Samar B.\n\nGeneva \n", encoding="utf-8-sig")
    ended = uasocial(*MINISTER, "--sender", "me.txt")
    assert ended.out.startswith("Samar B.\nGeneva\n\nDalia Torvane\n")
    assert ended.out.endswith("\n\n\n\nSamar B.\n")
    assert uasocial(*MINISTER, "--sender", "-", given="Samar B.\nGeneva").out == ended.out


def test_it_writes_a_file_and_replaces_one_only_by_force(command, tmp_path):
    path = tmp_path / "letter.eml"
    args = (*MINISTER, "--format", "eml", "--out", str(path))
    assert command(*args).out == ""
    first = path.read_bytes()
    assert first.startswith(b"Subject: Open the school in the hills\r\nTo: minister@")
    path.write_bytes(b"mine")
    refused = command(*args)
    assert (refused.status, path.read_bytes()) == (1, b"mine")
    assert refused.err.endswith(f"{path}: is there already; --force replaces it\n")
    assert command(*args, "--force").status == 0
    assert path.read_bytes() == first
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_cannot_be_written_leaves_nothing_behind(command, tmp_path):
    ended = command(*MINISTER, "--out", str(tmp_path / "none" / "letter.txt"))
    assert ended.status == 1
    assert "letter.txt: cannot be written: No such file" in ended.err
    (tmp_path / "folder").mkdir()
    ended = command(*MINISTER, "--out", str(tmp_path / "folder"), "--force")
    assert "folder: cannot be written" in ended.err
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


@pytest.mark.parametrize(
    ("args", "status", "sentence"),
    [
        (("letter", "ua-119-21"), 1, "ua-119-21: the last day to act was 2022-01-02"),
        ((*UA, "--out", "a.txt"), 2, "--as-of is a rehearsal"),
        ((*UA, "--json", "--out", "a.txt"), 2, "--as-of is a rehearsal"),
        ((*SCHOOL, "--json", "--out", "a.txt"), 2, "it takes no --out"),
        ((*UA, "--format", "eml"), 1, "no e-mail address of any target; write on paper"),
        ((*SCHOOL, "--format", "eml"), 1, "--target: minister-of-education, governor-of-the-hills"),
        ((*UA, "-l", "it"), 1, "there is no letter in 'it'; there is one in de, en, es, fr"),
        ((*UA, "-t", "foreign"), 1, "did you mean 'foreign-minister'?"),
        ((*UA, "--from", "Switzerland"), 2, "'Switzerland' is no code of a country: Switz"),
        ((*UA, "--from", "UK"), 2, "United Kingdom is GB"),
        ((*UA, "--from", "\x1b["), 2, r"'\x1b[' is no code of a country: write it in two letters"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_in_a_line(command, args, status, sentence):
    ended = command(*args)
    assert (ended.status, ended.out) == (status, "")
    assert sentence in ended.err.splitlines()[-1]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"x" * 3000, "is longer than a name and an address"), (b"\xff", "is not UTF-8")],
)
def test_a_file_that_is_no_name_and_address_is_refused(command, tmp_path, content, sentence):
    (tmp_path / "me.txt").write_bytes(content)
    ended = command(*MINISTER, "--sender", str(tmp_path / "me.txt"))
    assert (ended.status, ended.out) == (1, "")
    assert sentence in ended.err.splitlines()[-1]


@pytest.mark.parametrize("how", ["stop", "withdrawn"])
def test_after_a_stop_there_is_no_letter_and_a_rehearsal_lifts_none(cases, command, how):
    facts = (cases.write("plain") / "action.yaml").read_text(encoding="utf-8")
    cases.write(facts=f"{facts}ended: {{how: {how}, on: 2026-01-15}}\n")
    ended = command("--project", str(cases.root), "letter", "gate", "--as-of", "2026-01-12")
    assert (ended.status, ended.out) == (1, "")
    assert "on 2026-01-15; nothing of it is handed out" in ended.err


NAMED = "people: [{name: Samar Belkori}]\n"


@pytest.mark.parametrize(
    ("facts", "words", "sentence"),
    [
        (NAMED, "Free Samar Belkori.", "the letter names Samar Belkori, without consent to that"),
        (NAMED, "Free #BelkoriSamar.", "the letter names Samar Belkori, without consent to that"),
        ("do_not_post: [Mill Road]\n", "Go to Mill Road.", "the letter holds 'Mill Road', which"),
    ],
)
def test_a_letter_says_nothing_that_check_keeps_from_going_out(
    tmp_path, command, facts, words, sentence
):
    from uasocial.rules import examples

    day = examples.write(f"en: {{letter: {{paragraphs: ['{words}']}}}}", tmp_path)
    path = tmp_path / "actions" / "gate" / "action.yaml"
    text = path.read_text(encoding="utf-8").partition("people:")[0]
    path.write_text(text + facts, encoding="utf-8")
    args = ("--project", str(tmp_path), "letter", "gate", "-l", "en", "--as-of", str(day))
    for form in ((), ("--json",), ("--format", "eml")):
        ended = command(*args, *form)
        assert (ended.status, ended.out) == (1, "")
        assert ended.err.startswith(f"gate: {sentence}")
        assert ended.err.endswith("`uasocial check gate` says where\n")
