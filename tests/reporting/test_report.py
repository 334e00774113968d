"""`uasocial report`: what was posted where, and never what must not be shown."""

import csv
import io
import re
from html.parser import HTMLParser

import pytest
from pypdf import PdfReader

from uasocial.pages.pdf import Setting
from uasocial.team import reporting

WITHDRAWN = ("withdraw", "gate", "--by", "Noor", "--why", "Samar Belkori asked for it")
SECRETS = ("Samar", "Belkori", "سمر", "Open the gate", "doorkey", "asked for it")


def rows(command, kind: str) -> list[dict[str, str]]:
    ended = command("report", "gate")
    assert ended.status == 0, ended.err
    return [row for row in csv.DictReader(io.StringIO(ended.out)) if row["kind"] == kind]


def page(command) -> str:
    ended = command("report", "gate", "--format", "html")
    assert ended.status == 0, ended.err
    return ended.out


def pdf(command, root) -> str:
    ended = command("report", "gate", "--format", "pdf", "--out", str(root / "report.pdf"))
    assert ended.status == 0, ended.err
    return "\n".join(one.extract_text() for one in PdfReader(root / "report.pdf").pages)


def test_each_post_is_told_with_its_moment_place_and_state(posted):
    found = rows(posted, "post")
    assert {(one["account"], one["language"], one["state"]) for one in found} == {
        ("con-ar", "ar", "sent"),
        ("con-en", "en", "sent"),
    }
    assert all(re.search(r"T.*[+-]\d\d:\d\d$", one["at"]) for one in found)


def test_posts_are_counted_by_platform_and_language(posted):
    counts = {(one["platform"], one["language"]): one["count"] for one in rows(posted, "count")}
    assert counts == {("mastodon", "ar"): "1", ("x", "en"): "1"}


def test_a_decision_is_told_with_its_reason(posted):
    posted("stop", "gate", "--by", "Dalia Torvane", "--why", "=she is free")
    said = [one for one in rows(posted, "decision") if one["what"] == "stop"]
    assert [(one["by"], one["why"]) for one in said] == [("Dalia Torvane", "'=she is free")]


def test_no_cell_is_a_formula(posted):
    posted("stop", "gate", "--by", "@Dalia", "--why", "+1")
    text = posted("report", "gate").out
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t"))] == []


class Reader(HTMLParser):
    """Collects the tags of a page, with their attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))


def test_the_page_is_whole_and_asks_nothing_of_any_other_place(posted):
    reader = Reader()
    reader.feed(page(posted))
    assert {tag for tag, _ in reader.tags}.isdisjoint({"script", "link", "img", "iframe", "form"})
    assert all("src" not in given and "onclick" not in given for _, given in reader.tags)


def test_what_is_hostile_stays_text(posted):
    text = page(posted)
    assert "<script" not in text
    assert "&lt;script&gt;alert(1)" in text


def test_each_text_has_its_language_and_direction(posted):
    reader = Reader()
    reader.feed(page(posted))
    texts = [given for _, given in reader.tags if given.get("class") == "text"]
    assert {("ar", "rtl"), ("en", "ltr")} <= {(one["lang"], one["dir"]) for one in texts}


def test_a_pdf_holds_the_texts_of_both_directions(posted, project):
    text = pdf(posted, project.root)
    assert "Open the gate for Samar Belkori" in text
    assert "البوابة" in text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Ünïcode, кирилица, ελληνικά, عربي", "Ünïcode, кирилица, ελληνικά, عربي"),
        ("門を開けて", None),
        ("เปิดประตู", None),
        ("open \U0001f6a8 now", "open [police cars revolving light] now"),
        ("a\x1b[31mb", "a[u+001b][31mb"),
    ],
)
def test_a_pdf_shows_a_text_whole_or_says_that_it_does_not(text, shown):
    assert Setting().shown(text) == shown


def test_a_pdf_names_the_wording_of_a_text_that_its_font_cannot_show(project, command):
    path = project.root / "actions/gate/en.yaml"
    text = path.read_text(encoding="utf-8").replace("=Open the gate", "門を開けて")
    path.write_text(text, encoding="utf-8")
    command("publish", "gate", "-a", "con-en", "--yes")
    said = pdf(command, project.root)
    assert "wording doorkey: the font of this file lacks the script of en" in " ".join(said.split())


def test_a_withdrawn_action_shows_neither_name_nor_story_nor_reason(posted, project):
    posted(*WITHDRAWN)
    table = posted("report", "gate").out
    shown = (table, page(posted), pdf(posted, project.root))
    assert [word for word in SECRETS for text in shown if word in text] == []
    assert all("UA 1/26" in text for text in shown[1:])
    assert "con-en" in table


def test_an_action_that_only_the_ledger_withdrew_is_as_silent(posted, project):
    posted(*WITHDRAWN)
    facts = project.root / "actions/gate/action.yaml"
    kept = facts.read_text(encoding="utf-8").partition("ended:")[0]
    facts.write_text(kept, encoding="utf-8")
    assert [word for word in SECRETS if word in page(posted)] == []


def test_an_action_whose_files_are_broken_is_reported_from_the_ledger_without_words(
    posted, project
):
    (project.root / "actions/gate/action.yaml").write_text("countries: 7\n", encoding="utf-8")
    text = page(posted)
    assert "con-en" in text
    assert "Samar" not in text


def test_an_action_without_a_ledger_has_a_report_of_its_languages(project, command):
    assert "Nothing of it is on the ledger" in page(command)
    assert not (project.root / "ledger.db").exists()


def test_a_report_takes_the_place_of_an_older_one_and_of_nothing_else(posted, project):
    mine, other = project.root / "report.html", project.root / "notes.html"
    for _ in range(2):
        assert posted("report", "gate", "--format", "html", "--out", str(mine)).status == 0
    other.write_text("my notes", encoding="utf-8")
    ended = posted("report", "gate", "--format", "html", "--out", str(other))
    assert ended.status == 1
    assert other.read_text(encoding="utf-8") == "my notes"


def test_posts_that_are_not_listed_are_counted_and_told_of(posted, project):
    kit = project.kit("2026-01-20T12:00+00:00")
    found = reporting.report(kit, "gate", 1)
    assert (len(found.posts), sum(one.total for one in found.counts)) == (1, 2)
    assert "The first 1 of 2 posts" in reporting.as_csv(found)
    assert posted("ledger", "gate", "--format", "csv").out.count("con-") == 2


def test_an_action_that_nobody_knows_is_an_error(command):
    ended = command("report", "gat")
    assert ended.status == 1
    assert "gate" in ended.err
