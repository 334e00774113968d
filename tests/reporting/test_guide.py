"""`uasocial guide`: what colleagues need, whole, and nothing that nobody is to learn."""

import io
import json
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
from PIL import Image

from uasocial.cli import main

NEXT = datetime.now(UTC) + timedelta(days=2)
CONSENTS = "given_on: today-9}]"


@pytest.fixture
def folder(project, command):
    """A guide as a folder."""
    ended = command("guide", "gate", "--out", str(project.root / "guide"))
    assert ended.status == 0, ended.err
    return project.root / "guide"


@pytest.fixture
def embargoed(project):
    """The same project, with a case that is under embargo for two days more."""
    path = project.root / "actions/gate/action.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(f"embargo: {NEXT:%Y-%m-%dT%H:%M}Z\n{text}", encoding="utf-8")
    return project


def picture(project, *consents: str) -> None:
    media = project.root / "actions/gate/media"
    media.mkdir()
    image, data = Image.new("RGB", (80, 80), "red"), io.BytesIO()
    exif = image.getexif()
    exif[0x010E] = "Old Mill Road"
    image.save(data, "JPEG", exif=exif)
    (media / "gate.jpg").write_bytes(data.getvalue())
    for language, alt in (("en", "A gate."), ("ar", "بوابة.")):
        words = project.root / f"actions/gate/{language}.yaml"
        text = words.read_text(encoding="utf-8")
        words.write_text(f"{text}alt: {{gate: {alt}}}\n", encoding="utf-8")
    facts = project.root / "actions/gate/action.yaml"
    text = facts.read_text(encoding="utf-8")
    more = "".join(f", {{use: {use}, given_on: today-9}}" for use in consents)
    facts.write_text(text.replace(CONSENTS, f"given_on: today-9}}{more}]"), encoding="utf-8")


def everything(folder) -> bytes:
    return b"\n".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_each_text_is_a_file_with_nothing_but_the_text(folder):
    text = (folder / "ar/mastodon-appeal-doorkey.txt").read_text(encoding="utf-8")
    assert text == "افتحوا البوابة لسمر https://example.org/1/ar\n"
    assert (folder / "en/letter-minister.txt").is_file()


def test_the_page_has_the_length_of_each_text_and_its_language_and_direction(folder):
    page = (folder / "index.html").read_text(encoding="utf-8")
    assert '<section lang="ar" dir="rtl">' in page
    assert "of 280" in page
    assert "<script" not in page


def test_words_that_must_not_be_posted_stand_in_no_file(folder):
    held = everything(folder)
    assert b"Old Mill Road" not in held
    assert b"1 words are kept out" in held


def test_whom_a_post_may_mention_and_advice_and_contact_are_said(folder):
    page = (folder / "index.html").read_text(encoding="utf-8")
    for said in ("@zz_gates", "Think again", "Noor Sahel, Section of the Hills", "the last day is"):
        assert said in page


def test_a_language_may_be_chosen(project, command):
    command("guide", "gate", "-l", "en", "--out", "one")
    assert not (project.root / "one/ar").exists()


def test_a_picture_goes_with_its_alt_texts_and_without_its_metadata(project, command):
    picture(project, "photo")
    command("guide", "gate", "--out", "guide")
    guide = project.root / "guide"
    assert (guide / "en/alt-gate.txt").read_text(encoding="utf-8") == "A gate.\n"
    data = (guide / "pictures/gate.jpg").read_bytes()
    assert b"Old Mill Road" not in data


def test_two_pictures_of_one_name_are_two_files_with_an_alt_text_each(project, command):
    picture(project, "photo")
    media = project.root / "actions/gate/media"
    Image.new("RGB", (60, 60), "blue").save(media / "gate.jpeg")
    Image.new("RGB", (40, 40), "blue").save(media / "gate.png")
    assert command("guide", "gate", "--out", "guide").status == 0
    guide = project.root / "guide"
    stems = {path.stem for path in (guide / "pictures").iterdir()}
    assert stems == {"gate", "gate-2", "gate-3"}
    assert {path.stem for path in (guide / "en").glob("alt-*")} == {f"alt-{name}" for name in stems}


def test_without_consent_to_photos_no_picture_is_given_out(project, command):
    picture(project)
    ended = command("guide", "gate", "--out", "guide")
    assert "no consent to photos" in ended.err
    assert not (project.root / "guide/pictures").exists()


def test_what_names_somebody_without_consent_is_refused(project, command):
    facts = project.root / "actions/gate/action.yaml"
    text = facts.read_text(encoding="utf-8")
    facts.write_text(text.replace("use: name", "use: photo"), encoding="utf-8")
    ended = command("guide", "gate", "--out", "guide")
    assert ended.status == 1
    assert "without consent" in ended.err
    assert not (project.root / "guide").exists()


def test_a_draft_with_an_error_is_left_out_by_its_code_alone(project, command):
    words = project.root / "actions/gate/en.yaml"
    bad = '  - {id: bad, template: "Meet at Old Mill Road https://example.org/1/en"}\n'
    words.write_text(f"{words.read_text(encoding='utf-8')}{bad}", encoding="utf-8")
    ended = command("guide", "gate", "--out", "guide")
    assert ended.status == 0, ended.err
    assert "en, x, bad" in ended.err
    assert b"Old Mill" not in everything(project.root / "guide")


def test_a_zip_is_the_same_for_the_same_moment_and_holds_what_it_lists(project, command):
    ended = command("guide", "gate")
    assert ended.status == 0, ended.err
    with zipfile.ZipFile(project.root / "gate-guide.zip") as archive:
        listed = json.loads(archive.read("gate-guide/guide.json"))
        names = {name.removeprefix("gate-guide/") for name in archive.namelist()}
    assert names == {"guide.json", *listed["files"]}


def test_an_older_guide_is_replaced(folder, command):
    assert command("guide", "gate", "-l", "en", "--out", str(folder)).status == 0
    assert not (folder / "ar").exists()


@pytest.mark.parametrize("name", ["notes.txt", "index.html"])
def test_a_folder_with_something_of_somebody_else_stays(folder, command, name):
    (folder / name).write_text("mine", encoding="utf-8")
    ended = command("guide", "gate", "--out", str(folder))
    assert ended.status == 1
    assert name in ended.err
    assert (folder / name).read_text(encoding="utf-8") == "mine"
    assert (folder / "ar").is_dir()


def test_a_zip_of_something_else_stays(project, command):
    other = project.root / "other.zip"
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("letter.txt", "mine")
    before = other.read_bytes()
    assert command("guide", "gate", "--out", str(other)).status == 1
    assert other.read_bytes() == before


def test_nothing_half_made_is_left_behind(project, command):
    command("guide", "gate", "--out", "guide")
    command("guide", "gate", "--out", "guide")
    assert list(project.root.glob(".uasocial-*")) == []


@pytest.mark.parametrize("how", ["stop", "withdraw"])
def test_after_its_end_there_is_no_guide(posted, project, how):
    posted(how, "gate", "--by", "Dalia", "--why", "she is free")
    ended = posted("guide", "gate", "--out", "guide")
    assert ended.status == 1
    assert not (project.root / "guide").exists()


def test_a_stop_that_only_the_ledger_knows_is_obeyed(posted, project):
    posted("stop", "gate", "--by", "Dalia", "--why", "she is free")
    facts = project.root / "actions/gate/action.yaml"
    kept = facts.read_text(encoding="utf-8").partition("ended:")[0]
    facts.write_text(kept, encoding="utf-8")
    ended = posted("guide", "gate", "--out", "guide")
    assert ended.status == 1
    assert "as the ledger says" in ended.err


def test_before_the_embargo_is_over_it_is_for_somebody_named(embargoed, command):
    ended = command("guide", "gate", "--out", "guide")
    assert ended.status == 1
    assert "--embargoed-for" in ended.err
    assert not (embargoed.root / "guide").exists()


def test_a_guide_before_the_embargo_is_marked_in_every_file_and_on_record(embargoed, command):
    ended = command("guide", "gate", "--out", "guide", "--embargoed-for", "Section <of> Lakes")
    assert ended.status == 0, ended.err
    made = [path for path in (embargoed.root / "guide").rglob("*") if path.is_file()]
    assert all(path.name.startswith("EMBARGO-") for path in made)
    assert all(b"UNDER EMBARGO UNTIL" in path.read_bytes() for path in made)
    assert "for Section <of> Lakes" in command("report", "gate").out
    assert command("ledger", "verify").status == 0


def test_what_cannot_go_on_record_is_not_given_out(embargoed, command, monkeypatch):
    (embargoed.root / "no").write_text("", encoding="utf-8")
    monkeypatch.setenv("UASOCIAL_LEDGER_URL", f"sqlite:///{embargoed.root}/no/ledger.db")
    ended = command("guide", "gate", "--out", "guide", "--embargoed-for", "Lakes")
    assert ended.status == 1
    assert not (embargoed.root / "guide").exists()


def test_without_an_embargo_there_is_nobody_to_name(command):
    ended = command("guide", "gate", "--out", "guide", "--embargoed-for", "Lakes")
    assert ended.status == 1
    assert "no embargo" in ended.err


@pytest.mark.usefixtures("embargoed")
def test_a_name_of_two_lines_is_refused(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["uasocial", "guide", "gate", "--embargoed-for", "A\nB"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert "one line" in capsys.readouterr().err


def test_a_wording_is_not_named_after_what_must_not_be_posted(command, project):
    """The name of a wording is that of a file in the guide."""
    words = project.root / "actions/gate/en.yaml"
    text = words.read_text(encoding="utf-8").replace("id: doorkey", "id: old-mill-road")
    words.write_text(text, encoding="utf-8")
    ended = command("guide", "gate", "--out", "guide.zip")
    assert (ended.status, (project.root / "guide.zip").exists()) == (1, False)
    assert "a text in en holds" in ended.err
