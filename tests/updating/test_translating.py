"""`uasocial translate`: words side by side, and back whole or not at all."""

import csv
import io
import re
import tracemalloc
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from uasocial.errors import UasocialError
from uasocial.model import Words, files, tree, writing
from uasocial.team import translating
from uasocial.text.cells import bare, guarded
from uasocial.translation import tables
from uasocial.translation.placeholders import compare
from uasocial.translation.tables import Head, Row

ES = """\
# The Spanish words: comments stay.
title: Abran la puerta
lead: La puerta está cerrada.
body: [Uno., Dos.]
demands: [Abran la puerta, Manténganla abierta]
letter: {salutation: "Señora:", paragraphs: [Le escribo.], closing: Atentamente}
alt: {gate: Una puerta con cadena.}
posts:
  - {id: plain, text: "-- ¡Abran! @ana_example", platforms: [x]}
  - id: gate
    template: "{{ country | hashtag }}: {{ target | mention }}{% optional %} ya{% endoptional %}"
content_warning: Violencia
"""
DE = {
    "title": "Öffnen Sie das Tor",
    "lead": "Das Tor ist zu.",
    "body.1": "Eins.",
    "body.2": "Zwei.",
    "demands.1": "Öffnen Sie das Tor",
    "demands.2": "Lassen Sie es offen",
    "letter.salutation": "Sehr geehrte Frau Ministerin,",
    "letter.paragraphs.1": "ich schreibe Ihnen.",
    "letter.closing": "Hochachtungsvoll",
    "alt.gate": "Ein Tor mit Kette.",
    "posts.plain": "=Öffnen! @ana_example",
    "posts.gate": "{{target|mention}} in {{ country | hashtag }}{% optional %}!{% endoptional %}",
    "content_warning": "Gewalt",
}


@pytest.fixture(params=["csv", "docx"])
def desk(request, cases, command, monkeypatch):
    """A case in Spanish, and a file of a kind to translate it in."""
    cases.write(es=ES)
    monkeypatch.chdir(cases.root)
    return Desk(cases, command, Path(f"words.{request.param}"))


class Desk:
    """A translator with a file."""

    def __init__(self, cases, command, file: Path) -> None:
        self.cases, self.command, self.file = cases, command, file

    @property
    def folder(self) -> Path:
        return self.cases.root / "actions" / "gate"

    def out(self, language: str = "de", *args: str):
        self.file.unlink(missing_ok=True)
        return self.command("translate", "gate", "--to", language, "--out", str(self.file), *args)

    def back(self, *args: str):
        return self.command("translate", "gate", "--from", str(self.file), *args)

    def rows(self) -> tuple[Head, list[Row]]:
        return tables.read(self.file)

    def edit(self, change, head: Head | None = None) -> None:
        """Let *change* make other rows of those of the file."""
        known, rows = self.rows()
        self.file.unlink()
        tables.write(self.file, head or known, change(rows))

    def fill(self, texts: dict[str, str]) -> None:
        self.edit(lambda rows: [r._replace(target=texts.get(r.key, r.target)) for r in rows])


def of(word: str, **changes: str):
    """Return what changes the row of one key."""
    return lambda rows: [row._replace(**changes) if row.key == word else row for row in rows]


def test_a_language_goes_out_and_comes_back_whole(desk):
    assert desk.out().status == 0
    head, rows = desk.rows()
    assert head == ("gate", "es", "de")
    assert [row.key for row in rows][:3] == ["title", "lead", "content_warning"]
    assert {row.key for row in rows} == set(DE)
    desk.fill(DE)
    ended = desk.back()
    assert (ended.status, ended.err) == (0, "")
    assert "+title: Öffnen Sie das Tor\n" in ended.out
    words = desk.cases.kit().action("gate").words["de"]
    assert words.demands == ("Öffnen Sie das Tor", "Lassen Sie es offen")
    assert words.posts[0].text == "=Öffnen! @ana_example"
    assert words.posts[0].platforms == ("x",)
    assert words.translated_from.language == "es"
    assert "behind" not in desk.command("check", "gate").out


def test_placeholders_come_back_as_the_source_writes_them(desk):
    desk.out()
    desk.fill(DE)
    desk.back()
    template = desk.cases.kit().action("gate").words["de"].posts[1].template
    assert template.startswith("{{ target | mention }} in {{ country | hashtag }}")


def test_a_template_is_explained_to_who_translates_it(desk):
    desk.out()
    note = next(row.note for row in desk.rows()[1] if row.key == "posts.gate")
    assert "{{ target | mention }}: whoever holds the office" in note
    assert "{% optional %} … {% endoptional %}: what stands between them is left out" in note


def test_out_and_back_changes_no_byte_and_nothing_on_record(desk):
    desk.out()
    desk.fill(DE)
    desk.back()
    before = (desk.folder / "de.yaml").read_bytes()
    desk.out()
    ended = desk.back()
    assert ended.out == "gate: de.yaml stays as it is\n"
    assert (desk.folder / "de.yaml").read_bytes() == before


def test_a_file_with_rows_missing_writes_nothing_and_names_them(desk):
    desk.out()
    desk.fill(DE)
    desk.edit(lambda rows: [row for row in rows if row.key not in ("lead", "demands.2")])
    ended = desk.back()
    assert (ended.status, ended.out) == (1, "")
    assert ended.err.splitlines() == [
        f"{desk.file}: lead is missing: put its row back, or say --partial",
        f"{desk.file}: demands.2 is missing: put its row back, or say --partial",
    ]
    assert not (desk.folder / "de.yaml").exists()


def test_partial_takes_what_is_there_and_says_what_is_not(desk):
    desk.out()
    desk.fill({**DE, "lead": "", "demands.2": ""})
    assert desk.back().status == 1
    ended = desk.back("--partial")
    assert (ended.status, ended.err) == (0, "not brought: lead\nnot brought: demands.2\n")
    words = desk.cases.kit().action("gate").words["de"]
    assert (words.lead, words.demands) == (None, ("Öffnen Sie das Tor",))
    assert {"lead", "demands"}.isdisjoint(words.translated_from.digests)
    assert "title" in words.translated_from.digests


def test_a_list_with_a_gap_is_refused_even_in_part(desk):
    desk.out()
    desk.fill({**DE, "demands.1": ""})
    ended = desk.back("--partial")
    assert ended.status == 1
    assert "demands.1 is missing, and what follows it is there: a list has no gaps" in ended.err


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (of("lead", key="laed"), "'laed': is no part of the case"),
        (of("lead", key="title"), "'title': stands in row 2 already"),
        (of("lead", target=""), "row 3, 'lead': is empty: translate it"),
        (of("lead", target="so\u202eo"), "row 3, 'lead': holds the character U+202E: take it out"),
        (of("title", target="a\nb"), "row 2, 'title': "),
        (
            of("posts.gate", target="{{ target | mention }}{% optional %}x{% endoptional %}"),
            "has lost {{ country | hashtag }}: put it back",
        ),
        (
            of("posts.gate", target=DE["posts.gate"] + " {{ action | link }}"),
            "has {{action|link}}, which its source has not: take it out",
        ),
        (
            of(
                "posts.gate",
                target="{% endoptional %}{{ country | hashtag }}{{target | mention}}{% optional %}",
            ),
            "is no template: ",
        ),
    ],
)
def test_what_is_wrong_in_a_file_is_told_by_its_row_and_nothing_is_written(desk, change, said):
    desk.out()
    desk.fill(DE)
    desk.edit(change)
    ended = desk.back()
    assert ended.status == 1
    assert said in ended.err
    assert "Traceback" not in ended.err
    assert not (desk.folder / "de.yaml").exists()


def test_a_source_that_has_changed_since_is_told_and_its_new_mark_confirms(desk):
    desk.out()
    desk.fill(DE)
    (desk.folder / "es.yaml").write_text(ES.replace("está cerrada", "sigue cerrada"), "utf-8")
    ended = desk.back()
    assert ended.status == 1
    assert "row 3, 'lead': the source has changed since: La puerta sigue cerrada.;" in ended.err
    mark = re.search("its mark is ([0-9a-f]{12})", ended.err)[1]
    desk.edit(of("lead", mark=mark))
    assert desk.back().status == 0
    assert "behind" not in desk.command("check", "gate").out


def test_an_untouched_part_stays_behind_its_source(desk):
    desk.out()
    desk.fill(DE)
    desk.back()
    (desk.folder / "es.yaml").write_text(ES.replace("está cerrada", "sigue cerrada"), "utf-8")
    desk.out()
    desk.fill({"title": "Auf mit dem Tor"})
    ended = desk.back()
    assert ended.status == 0
    assert ended.err.startswith("lead is translated as before, and has changed in es")
    assert "L001" in desk.command("check", "gate").out


def test_what_only_the_translation_has_stays_and_an_empty_cell_takes_it_out(desk):
    desk.out()
    desk.fill(DE)
    desk.back()
    path = desk.folder / "de.yaml"
    own = path.read_text("utf-8").replace("Zwei.]\n", "Zwei., Drei.] # unser\n")
    path.write_text(own, "utf-8")
    desk.out()
    desk.fill({"title": "Auf mit dem Tor"})
    assert desk.back().status == 0
    assert "Drei.] # unser" in path.read_text("utf-8")
    desk.out()
    desk.edit(of("body.3", target=""))
    assert desk.back().status == 0
    assert "Drei." not in path.read_text("utf-8")


def test_comments_of_the_language_stay(desk):
    desk.cases.write("other", es=ES, de="# unsere Worte\ntitle: Auf # kurz\nlead: Zu.\n")
    desk.file.unlink(missing_ok=True)
    desk.command("translate", "other", "--to", "es", "--source", "de", "--out", str(desk.file))
    desk.fill({"title": "Abran"})
    assert desk.command("translate", "other", "--from", str(desk.file)).status == 0
    text = (desk.folder.parent / "other" / "es.yaml").read_text("utf-8")
    assert text.startswith("# The Spanish words: comments stay.\ntitle: Abran\n")


def test_a_file_of_another_case_or_language_is_refused(desk):
    desk.out()
    desk.edit(lambda rows: rows, Head("door", "es", "de"))
    assert "is a translation of 'door', and not of 'gate'" in desk.back().err
    desk.out()
    desk.edit(lambda rows: rows, Head("gate", "es", "xx"))
    assert "'xx' in its first row is no language" in desk.back().err
    desk.out()
    assert "is in 'de', and not in 'it'" in desk.back("--to", "it").err


def test_somebody_s_work_is_not_written_over(desk):
    desk.out()
    again = desk.command("translate", "gate", "--to", "de", "--out", str(desk.file))
    assert (again.status, "may hold somebody's work" in again.err) == (1, True)


def test_a_dry_run_writes_nothing(desk):
    desk.out()
    desk.fill(DE)
    assert "nothing is written: this was a dry run" in desk.back("--dry-run").out
    assert not (desk.folder / "de.yaml").exists()


def test_what_is_no_such_file_is_one_line(desk):
    desk.file.write_bytes(b"PK\x03\x04 not at all")
    ended = desk.back()
    assert (ended.status, ended.err.count("\n")) == (1, 1)
    other = desk.command("translate", "gate", "--from", "words.xlsx")
    assert other.err == "words.xlsx: name a file that ends in .docx or .csv\n"


# --- what programs do to a file ------------------------------------------------------------------


def test_a_spreadsheet_of_a_country_with_semicolons_is_read(tmp_path):
    file = tmp_path / "words.csv"
    tables.write(file, Head("gate", "es", "de"), [Row("lead", "a; b", "c, d", "", "0" * 12)])
    rows = list(csv.reader(io.StringIO(file.read_text("utf-8-sig"), newline="")))
    written = io.StringIO()
    csv.writer(written, delimiter=";").writerows(rows)
    file.write_bytes(written.getvalue().encode("utf-16"))
    head, found = tables.read(file)
    assert head.target == "de"
    assert found == [Row("lead", "a; b", "c, d", "", "0" * 12, 2)]


def test_no_cell_is_taken_for_a_formula_and_each_reads_back(tmp_path):
    file = tmp_path / "words.csv"
    texts = ["=1+1", "@ana", "-- so", "'=1", "'s Nachts", "+41", "＝1"]
    rows = [Row(f"body.{n}", text, text) for n, text in enumerate(texts, 1)]
    tables.write(file, Head("gate", "es", "de"), rows)
    for line in csv.reader(io.StringIO(file.read_text("utf-8-sig"), newline="")):
        assert not any(cell.startswith(("=", "@", "+", "-", "＝")) for cell in line)
    assert [row.target for row in tables.read(file)[1]] == texts


@given(st.text())
def test_a_guard_is_undone(text):
    assert bare(guarded(text)) == text


def test_what_a_person_begins_with_an_apostrophe_stays():
    assert bare("'s Nachts") == "'s Nachts"


def test_a_tracked_change_is_read_as_it_is_seen(tmp_path):
    file = tmp_path / "words.docx"
    tables.write(file, Head("gate", "es", "de"), [Row("lead", "uno", "eins zwei", "", "0" * 12)])
    opened = docx.Document(file)
    paragraph = opened.tables[0].rows[1].cells[2].paragraphs[0]
    run = paragraph.runs[0]._r
    gone = opened.element.makeelement(qn("w:del"), {})
    added = opened.element.makeelement(qn("w:ins"), {})
    run.addprevious(gone)
    gone.append(run)
    gone.addnext(added)
    paragraph.add_run("zwei")
    added.append(paragraph._p[-1])
    opened.save(file)
    assert tables.read(file)[1][0].target == "zwei"


def test_a_language_from_right_to_left_is_set_so(tmp_path):
    file = tmp_path / "words.docx"
    row = Row("posts.gate", "a {{ action | link }}", "افتحوا {{ action | link }}")
    tables.write(file, Head("gate", "en", "ar"), [row])
    cells = docx.Document(file).tables[0].rows[1].cells
    assert cells[2].paragraphs[0]._p.pPr.find(qn("w:bidi")) is not None
    assert cells[1].paragraphs[0]._p.pPr is None
    assert [run.font.rtl for run in cells[2].paragraphs[0].runs] == [True, None]
    assert tables.read(file)[1][0].target == row.target


def test_a_typographic_quote_in_a_placeholder_is_put_right():
    source = "{{ demands | join(', ') }}"
    assert compare(source, "So: {{\u00a0demands | join(‘, ’) }}") == ("So: " + source, [], [])


# --- any words at all ----------------------------------------------------------------------------

TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cf", "Zl", "Zp", "Co", "Cn"]),
    min_size=1,
    max_size=30,
).map(lambda text: text.strip() or "x")
LONG = st.lists(TEXTS, min_size=1, max_size=3).map("\n".join)
NAMES = st.from_regex(r"[a-z]{1,5}", fullmatch=True)
WORDS = st.fixed_dictionaries(
    {"title": TEXTS, "lead": LONG},
    optional={
        "body": st.lists(LONG, min_size=1, max_size=3),
        "demands": st.lists(LONG, min_size=1, max_size=3),
        "letter": st.fixed_dictionaries(
            {"salutation": TEXTS, "paragraphs": st.lists(LONG, min_size=1, max_size=3)},
            optional={"closing": TEXTS},
        ),
        "alt": st.dictionaries(NAMES, LONG, min_size=1, max_size=2),
        "update": LONG,
        "content_warning": TEXTS,
        "posts": st.lists(
            st.fixed_dictionaries({"id": NAMES, "text": LONG}),
            min_size=1,
            max_size=3,
            unique_by=lambda post: post["id"],
        ),
    },
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(one=WORDS, other=WORDS, kind=st.sampled_from(["csv", "docx"]))
def test_any_words_go_out_and_come_back_the_same(cases, tmp_path, one, other, kind):
    folder = cases.root / "actions" / "gate"
    if not folder.exists():
        cases.write()
        (folder / "en.yaml").unlink()
    for language, words in (("es", one), ("de", other)):
        (folder / f"{language}.yaml").write_text(writing.dump(words), "utf-8")
    file = tmp_path / f"words.{kind}"
    file.unlink(missing_ok=True)
    kit = cases.kit()
    translating.give_out(kit, "gate", "de", "es", file)
    back = translating.read_back(kit, "gate", file, partial=True)
    assert back.change is None
    # A translation that repeats its source makes it, text by text.
    head, rows = tables.read(file)
    file.unlink()
    tables.write(file, head, [row._replace(target=row.source) for row in rows])
    made = translating.read_back(kit, "gate", file)
    after = made.change.after if made.change else writing.dump(other)
    found = files.decode(tree.parse(after, Path("de.yaml")), Words, kit.now.date())
    source = kit.action("gate").words["es"]
    for name in ("title", "lead", "body", "demands", "letter", "alt", "content_warning"):
        assert getattr(found, name) == getattr(source, name)
    assert {p.id: p.text for p in found.posts} == {p.id: p.text for p in source.posts}


def test_no_source_can_be_guessed_among_several(cases, tmp_path):
    cases.write(en=ES, es=ES)
    with pytest.raises(UasocialError, match="name the language that de was made from"):
        translating.give_out(cases.kit(), "gate", "de", None, tmp_path / "a.csv")


def test_a_file_of_millions_of_lines_is_refused_before_they_are_in_memory(tmp_path):
    """As many rows are read as there may be, and one."""
    file = tmp_path / "long.csv"
    file.write_text("gate,en,it,note,mark\n" + "\n" * 5_000_000, encoding="utf-8")
    tracemalloc.start()
    with pytest.raises(UasocialError, match="has no table"):
        tables.read(file)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 60_000_000


def test_what_the_ledger_alone_says_is_withdrawn_is_given_to_no_translator(desk):
    """It was withdrawn on another machine: the files here do not know it yet."""
    facts = desk.folder / "action.yaml"
    before = facts.read_text(encoding="utf-8")
    ended = desk.command("withdraw", "gate", "--why", "asked for", "--by", "Dalia Torvane")
    assert ended.status == 0, ended.err
    facts.write_text(before, encoding="utf-8")
    ended = desk.out("it")
    assert (ended.status, desk.file.exists()) == (1, False)
    assert "as the ledger says" in ended.err
