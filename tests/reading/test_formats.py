"""Each format becomes the lines that a reader sees, and what cannot be read says what to do."""

import hashlib
import io
import os
import subprocess
import sys
import zipfile

import docx
import pytest
from docx.enum.text import WD_BREAK
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from pypdf import PdfWriter
from reportlab.pdfgen import canvas

from uasocial.errors import DocumentError
from uasocial.reading import formats
from uasocial.reading.formats import apart, archives, lines, margins, pages, pdf, text, word
from uasocial.reading.formats.lines import PAGE_NUMBER


def texts(document):
    return [line.text for line in document.lines]


def of(source, name="sheet"):
    return formats.open_document(source.encode() if isinstance(source, str) else source, name)


def page(body, head=""):
    return pages.read(f"<html><head>{head}</head><body>{body}</body></html>".encode(), "page")


def refusal(data, name="sheet", read=formats.open_document):
    with pytest.raises(DocumentError) as caught:
        read(data.encode() if isinstance(data, str) else data, name)
    said = str(caught.value)
    assert said.startswith(f"{name}: ")
    assert "\n" not in said
    return said.removeprefix(f"{name}: ")


def saved(document):
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def drawn(*sheets, height=842, **options):
    """Return a PDF of pages, each a list of (y, text) or of lines from the top on."""
    file = io.BytesIO()
    drawing = canvas.Canvas(file, pagesize=(595, height), **options)
    for sheet in sheets:
        for i, row in enumerate(sheet):
            y, line = row if isinstance(row, tuple) else (780 - 14 * i, row)
            if line:
                drawing.drawString(72, y, line)
        drawing.showPage()
    drawing.save()
    return file.getvalue()


def repacked(data, **changes):
    """Return the archive with members changed: the name with _ for / and . is the key."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for member in old.namelist():
            content = old.read(member)
            change = changes.get(member.replace("/", "_").replace(".", "_"))
            new.writestr(member, change(content) if change else content)
    return file.getvalue()


class TestText:
    def test_lines_are_counted_as_an_editor_does(self):
        found = of("one\r\ntwo\rthree\n\nfive\n")
        assert [(x.number, x.text) for x in found.lines] == [
            (1, "one"),
            (2, "two"),
            (3, "three"),
            (4, ""),
            (5, "five"),
        ]
        assert (found.name, found.format, found.about) == ("sheet", "text", "")
        assert found.sha256 == hashlib.sha256(b"one\r\ntwo\rthree\n\nfive\n").hexdigest()

    @pytest.mark.parametrize("end", ["\v", "\f", "\x85", "\u2028", "\u2029"])
    def test_a_line_ends_where_word_and_unicode_end_it(self, end):
        assert texts(of(f"one{end}two")) == ["one", "two"]

    def test_only_plain_white_space_at_the_ends_of_a_line_goes(self):
        assert texts(of("\ufeff \t one\u00a0 \u200b two\u00a0 \t\n\ufeffthree")) == [
            "one\u00a0 \u200b two\u00a0",
            "three",
        ]

    @pytest.mark.parametrize(
        "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be"]
    )
    def test_unicode_is_read_with_and_without_a_mark(self, encoding):
        found = of("Perú: ne vous taisez pas !\nZwei\n".encode(encoding))
        assert texts(found) == ["Perú: ne vous taisez pas !", "Zwei"]
        assert found.about == ""

    def test_arabic_in_utf_16_without_a_mark_is_told_by_its_spaces(self):
        arabic = "عاجل تحرك من أجل سمر\n"
        assert texts(of(arabic.encode("utf-16-le"))) == [arabic.strip()]

    def test_what_is_not_utf_8_is_windows_1252_and_says_so(self):
        found = of("Señor Ministro … “Perú” – 5 €".encode("cp1252"))
        assert texts(found) == ["Señor Ministro … “Perú” – 5 €"]
        assert found.about == "is not UTF-8: read as Windows-1252"

    def test_utf_8_with_one_flaw_stays_utf_8_and_says_so(self):
        found = of("áéíóúñ, señor, última acción".encode() + b"\xe9 end")
        assert texts(found) == ["áéíóúñ, señor, última acción\ufffd end"]
        assert "broken UTF-8 in 1 places" in found.about

    def test_the_quote_marks_of_a_forwarded_mail_go_and_it_is_said(self):
        found = of("From: Samar\nSubject: UA\n\n> > UA 1/26\n>> \n>Write > now\n> a\n>\n>b\n")
        assert texts(found)[:6] == ["From: Samar", "Subject: UA", "", "UA 1/26", "", "Write > now"]
        assert "quoted as in mail" in found.about

    def test_a_few_quoted_lines_are_left_as_they_are(self):
        found = of("one\ntwo\nthree\n> four\n")
        assert texts(found)[-1] == "> four"
        assert found.about == ""

    @pytest.mark.parametrize("data", [b"\0\1\2\3\xff\xfe", b"abc\0def", b"\x01\x02ab" * 9])
    def test_bytes_that_are_no_text_are_refused(self, data):
        assert refusal(data).startswith("is no text")

    def test_utf_16_that_is_cut_off_is_refused_with_the_place(self):
        assert "is broken UTF-16 at byte" in refusal("ab".encode("utf-16") + b"\x00")

    def test_bytes_that_no_encoding_has_are_refused(self):
        assert "save it as UTF-8" in refusal(b"caf\xe9 \x81\x8d\x8f")

    def test_lines_and_characters_are_bounded(self, monkeypatch):
        assert "characters in line 2" in refusal("a\n" + "x" * (lines.MAX_LENGTH + 1))
        assert "50,000 lines" in refusal("\n" * (lines.MAX_LINES + 1))
        monkeypatch.setattr(lines, "MAX_TOTAL", 10)
        assert "more than 10 characters" in refusal("x\n" * 6)


class TestPages:
    def test_blocks_stand_apart_and_breaks_do_not(self):
        found = page("<h1>Title <em>one</em></h1><p>a<br>b</p><div>c</div>tail")
        assert texts(found) == ["Title one", "", "a", "b", "", "c", "", "tail"]
        assert [line.number for line in found.lines] == list(range(1, 9))

    def test_headings_items_and_cells_are_told(self):
        found = page("<h3>H</h3><ul><li>I<li>J</ul><table><tr><th>C<td>D</table><p>T</p>")
        kinds = [(line.text, line.kind) for line in found.lines if line.text]
        assert kinds == [
            ("H", "heading"),
            ("I", "item"),
            ("J", "item"),
            ("C", "cell"),
            ("D", "cell"),
            ("T", "text"),
        ]

    def test_white_space_collapses_and_a_no_break_space_stays(self):
        assert texts(page("<p> a \n\t b&nbsp; <b> c</b>\u2003d</p>")) == ["a b\u00a0 c\u2003d"]

    def test_preformatted_text_keeps_its_lines(self):
        assert texts(page("<pre>a\n  b  c\n\nd</pre><textarea>e\nf</textarea>")) == [
            "a",
            "b  c",
            "",
            "d",
            "",
            "e",
            "f",
        ]

    def test_two_breaks_make_an_empty_line(self):
        assert texts(page("a<br><br>b")) == ["a", "", "b"]

    def test_entities_are_decoded_once(self):
        assert texts(page("<p>&lt;b&gt; &amp;amp; &eacute;</p>")) == ["<b> &amp; é"]

    def test_what_is_not_shown_is_not_read(self):
        hidden = (
            "<script>s</script><style>s</style><template>t</template><noscript>n</noscript>"
            "<p hidden>h</p><div style='color:red; DISPLAY : none'><p>d</p></div><!-- c -->"
            "<iframe>i</iframe><svg><title>v</title></svg>"
        )
        assert texts(page(hidden + "<p>seen</p>", "<title>T</title>")) == ["seen"]

    def test_a_line_has_its_first_web_or_mail_link(self):
        found = page(
            "<p><a href='/a'>A</a> <a href='https://b.example'>B</a></p>"
            "<p><a href='mailto:m@x.example'>M</a></p><p><a href='javascript:x()'>J</a></p>"
            "<p><a href='https://e.example/'></a>none</p><p>before <a href='http://[x'>bad</a></p>",
            "<link rel=canonical href='https://www.example.org/ua/1'>",
        )
        assert {line.text: line.link for line in found.lines if line.text} == {
            "A B": "https://www.example.org/a",
            "M": "mailto:m@x.example",
            "J": "",
            "none": "",
            "before bad": "",
        }

    def test_a_relative_link_of_a_page_without_an_address_is_left_out(self):
        assert page("<a href='x.pdf'>X</a>").lines[0].link == ""

    def test_a_page_says_its_title_and_address(self):
        og = "<meta property='og:url' content='https://o.example/2'>"
        canonical = "<link rel='canonical' href='https://c.example/1'>"
        found = page("x", f"<title> A &amp; \n B</title>{og}{canonical}")
        assert (found.title, found.url) == ("A & B", "https://c.example/1")
        assert page("x", og).url == "https://o.example/2"
        assert page("x", "<link rel=canonical href='javascript:alert(1)'>").url == ""

    def test_a_browser_notes_where_a_page_was_saved_from(self):
        data = b"<!DOCTYPE html>\n<!-- saved from url=(0023)https://s.example/ua/7 -->\n<p>x"
        assert pages.read(data, "p").url == "https://s.example/ua/7"

    @pytest.mark.parametrize(
        ("declared", "codec"),
        [
            ("<meta charset='iso-8859-1'>", "cp1252"),
            ("<meta http-equiv=Content-Type content='text/html; charset=windows-1256'>", "cp1256"),
            ("<meta charset=utf-8>", "utf-8"),
            ("", "utf-8"),
            ("", "utf-16"),
        ],
    )
    def test_a_page_is_decoded_as_it_declares(self, declared, codec):
        word = "سمر" if codec == "cp1256" else "Señor"
        data = f"<html><head>{declared}</head><body><p>{word}</p></body></html>".encode(codec)
        assert texts(pages.read(data, "p")) == [word]

    def test_a_codec_that_is_none_of_the_web_is_not_taken(self):
        data = b"<html><head><meta charset='unicode_escape'></head><body>a\\u0041"
        assert texts(pages.read(data, "p")) == ["a\\u0041"]

    def test_a_page_that_shows_nothing_is_refused(self):
        assert "shows no text" in refusal("<html><script>x</script></html>", read=pages.read)

    def test_a_web_archive_is_refused_with_a_hint(self):
        archive = (
            "From: <Saved by Blink>\r\nMIME-Version: 1.0\r\n"
            'Content-Type: multipart/related;\r\n\ttype="text/html"\r\n\r\n--x'
        )
        assert "save the page as HTML" in refusal(archive)

    def test_deep_trees_are_walked(self):
        assert texts(page("<div>" * 5000 + "x")) == ["x"]


class TestWord:
    def test_paragraphs_and_tables_are_read_in_order_with_their_kinds(self):
        made = docx.Document()
        made.add_heading("Title", 0)
        made.add_heading("Part", 2)
        made.add_paragraph("Text")
        made.add_paragraph("")
        made.add_paragraph("Item", style="List Bullet")
        table = made.add_table(2, 2)
        table.cell(0, 0).text, table.cell(0, 1).text = "a", "b"
        table.cell(1, 0).merge(table.cell(1, 1)).text = "wide"
        made.add_paragraph("End")
        found = word.read(saved(made), "w")
        assert [(line.text, line.kind) for line in found.lines] == [
            ("Title", "heading"),
            ("Part", "heading"),
            ("Text", "text"),
            ("", "text"),
            ("Item", "item"),
            ("a", "cell"),
            ("b", "cell"),
            ("wide", "cell"),
            ("End", "text"),
        ]

    def test_a_cell_merged_downwards_is_read_once(self):
        made = docx.Document()
        table = made.add_table(2, 1)
        table.cell(0, 0).merge(table.cell(1, 0)).text = "tall"
        assert [t for t in texts(word.read(saved(made), "w")) if t] == ["tall"]

    def test_own_numbering_makes_an_item(self):
        made = docx.Document()
        numbered = made.add_paragraph("first")
        properties = numbered._p.get_or_add_pPr()
        properties.append(parse_xml(f'<w:numPr {nsdecls("w")}><w:numId w:val="1"/></w:numPr>'))
        assert word.read(saved(made), "w").lines[0].kind == "item"

    def test_a_style_based_on_a_heading_is_one(self):
        made = docx.Document()
        made.styles.add_style("Sheet", 1).base_style = made.styles["Heading 1"]
        made.add_paragraph("Big", style="Sheet")
        assert word.read(saved(made), "w").lines[0].kind == "heading"

    def test_a_break_ends_a_line_and_a_tab_stays(self):
        made = docx.Document()
        run = made.add_paragraph().add_run("one")
        run.add_break(WD_BREAK.LINE)
        run.add_text("two\tthree")
        assert texts(word.read(saved(made), "w")) == ["one", "two\tthree"]

    def test_tracked_insertions_count_and_deletions_do_not(self):
        made = docx.Document()
        paragraph = made.add_paragraph("keep ")
        for tag, inner in (("ins", "w:t"), ("del", "w:delText"), ("moveFrom", "w:t")):
            paragraph._p.append(
                parse_xml(f"<w:{tag} {nsdecls('w')}><w:r><{inner}>{tag}</{inner}></w:r></w:{tag}>")
            )
        gone = made.add_paragraph()
        gone._p.get_or_add_pPr().append(
            parse_xml(f"<w:rPr {nsdecls('w')}><w:del w:id='1' w:author='S'/></w:rPr>")
        )
        assert texts(word.read(saved(made), "w")) == ["keep ins"]

    def test_hidden_text_is_left_out(self):
        made = docx.Document()
        paragraph = made.add_paragraph("seen")
        paragraph.add_run("hidden").font.hidden = True
        paragraph.add_run(" too").font.hidden = False
        assert texts(word.read(saved(made), "w")) == ["seen too"]

    def test_links_are_those_of_relations_and_of_fields(self):
        made = docx.Document()
        paragraph = made.add_paragraph("see ")
        relation = made.part.relate_to(
            "https://a.example/1", docx.opc.constants.RELATIONSHIP_TYPE.HYPERLINK, is_external=True
        )
        link = OxmlElement("w:hyperlink")
        link.set(qn("r:id"), relation)
        link.append(paragraph.add_run("here")._r)
        paragraph._p.append(link)
        field = made.add_paragraph("x")
        field._p.append(
            parse_xml(
                f'<w:r {nsdecls("w")}><w:instrText> HYPERLINK "mailto:m@b.example" </w:instrText>'
                "</w:r>"
            )
        )
        found = word.read(saved(made), "w")
        assert [(line.text, line.link) for line in found.lines] == [
            ("see here", "https://a.example/1"),
            ("x", "mailto:m@b.example"),
        ]

    def test_a_text_box_is_read_once_after_its_paragraph(self):
        made = docx.Document()
        box = "<w:txbxContent><w:p><w:r><w:t>boxed</w:t></w:r></w:p></w:txbxContent>"
        mc = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
        made.add_paragraph("anchor")._p.append(
            parse_xml(
                f"<w:r {nsdecls('w')} {mc}><mc:AlternateContent>"
                f"<mc:Choice Requires='wps'><w:drawing>{box}</w:drawing></mc:Choice>"
                f"<mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
            )
        )
        assert texts(word.read(saved(made), "w")) == ["anchor", "boxed"]

    def test_headers_come_first_footers_last_and_page_numbers_not_at_all(self):
        made = docx.Document()
        made.add_paragraph("Body")
        section = made.sections[0]
        section.header.paragraphs[0].text = "UA 119/21"
        section.footer.paragraphs[0].text = "Index: AMR 46/5033/2021"
        section.footer.add_paragraph("Page 1 of 2")
        assert texts(word.read(saved(made), "w")) == [
            "UA 119/21",
            "Body",
            "Index: AMR 46/5033/2021",
        ]

    def test_the_title_is_that_of_the_properties(self):
        made = docx.Document()
        made.add_paragraph("x")
        made.core_properties.title = "Act\u00a0now"
        assert word.read(saved(made), "w").title == "Act now"

    def test_a_document_without_properties_has_no_title(self):
        made = docx.Document()
        made.add_paragraph("x")
        data = repacked(saved(made), _rels__rels=lambda c: c.replace(b"core-properties", b"none"))
        assert word.read(data, "w").title == ""

    def test_a_document_without_text_is_refused(self):
        assert "has no text" in refusal(saved(docx.Document()), read=word.read)

    def test_entities_are_refused_in_any_part_and_encoding(self):
        made = docx.Document()
        made.add_paragraph("x")
        evil = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
        wide = evil.decode().encode("utf-16")
        for content in (evil, wide, b'<?xml version="1.0" encoding="cp037"?>'):
            data = repacked(saved(made), docProps_app_xml=lambda _, content=content: content)
            assert "made to harm" in refusal(data, read=word.read)

    @pytest.mark.parametrize(
        ("member", "change"),
        [
            ("word_document_xml", lambda c: c[: len(c) // 2]),
            ("word_document_xml", lambda _: b""),
            ("word_styles_xml", lambda _: b"<a/>"),
            ("_rels__rels", lambda _: b"<Relationships/>"),
            ("[Content_Types]_xml", lambda c: c.replace(b"document.main", b"document.mein")),
        ],
    )
    def test_broken_parts_are_one_line(self, member, change):
        made = docx.Document()
        made.add_paragraph("x")
        refusal(repacked(saved(made), **{member: change}), read=word.read)

    def test_macros_and_strict_documents_are_named(self):
        made = saved(docx.Document())
        macros = repacked(
            made,
            **{
                "[Content_Types]_xml": lambda c: c.replace(
                    b"vnd.openxmlformats-officedocument.wordprocessingml.document.main",
                    b"vnd.ms-word.document.macroEnabled.main",
                )
            },
        )
        assert "holds macros" in refusal(macros, read=word.read)
        strict = repacked(
            made,
            _rels__rels=lambda c: c.replace(
                b"schemas.openxmlformats.org/officeDocument/2006", b"purl.oclc.org/ooxml"
            ),
        )
        assert "strict" in refusal(strict, read=word.read)

    def test_members_and_their_size_are_bounded(self, monkeypatch):
        made = docx.Document()
        made.add_paragraph("x")
        bomb = repacked(saved(made), docProps_app_xml=lambda _: bytes(archives.MAX_UNPACKED))
        assert len(bomb) < 200_000
        assert "unpacks to more than" in refusal(bomb, read=word.read)
        monkeypatch.setattr(archives, "MAX_MEMBERS", 5)
        assert "more than 5 files" in refusal(saved(made), read=word.read)

    def test_a_member_larger_than_it_says_is_broken(self):
        made = docx.Document()
        made.add_paragraph("x" * 1000)
        data = bytearray(repacked(saved(made), docProps_app_xml=lambda _: b"<" + b"a" * 5000))
        at = data.rfind(b"docProps/app.xml") - 46 + 24
        data[at : at + 4] = (10).to_bytes(4, "little")
        assert refusal(bytes(data), read=word.read) == archives.BROKEN

    def test_cells_are_bounded(self, monkeypatch):
        made = docx.Document()
        made.add_table(3, 3)
        monkeypatch.setattr(word, "MAX_CELLS", 8)
        assert "more than 8 cells" in refusal(saved(made), read=word.read)

    def test_markup_nested_without_end_is_broken(self):
        made = docx.Document()
        made.add_paragraph("x")
        deep = b"<w:sdt>" * 5000 + b"</w:sdt>" * 5000
        data = repacked(
            saved(made), word_document_xml=lambda c: c.replace(b"<w:body>", b"<w:body>" + deep)
        )
        assert refusal(data, read=word.read) == archives.BROKEN


class TestPdf:
    def test_lines_carry_their_page_and_a_gap_is_an_empty_line(self):
        found = pdf.read(drawn(["One", "two", "", "Three"], ["Four"]), "p")
        assert [(line.text, line.page) for line in found.lines] == [
            ("One", 1),
            ("two", 1),
            ("", 1),
            ("Three", 1),
            ("Four", 2),
        ]
        assert [line.number for line in found.lines] == [1, 2, 3, 4, 5]

    def test_the_first_header_and_last_footer_stay_and_page_numbers_go(self):
        sheets = [
            [
                (20, f"Page {n} of 3"),
                (30, "Amnesty"),
                (800, "UA 119/21"),
                (600, f"Body {word}"),
                (586, f"goes on {word}"),
            ]
            for n, word in ((1, "one"), (2, "two"), (3, "three"))
        ]
        found = pdf.read(drawn(*sheets), "p")
        assert [t for t in texts(found) if t] == [
            "UA 119/21",
            "Body one",
            "goes on one",
            "Body two",
            "goes on two",
            "Body three",
            "goes on three",
            "Amnesty",
        ]
        assert not any(PAGE_NUMBER.fullmatch(t) for t in texts(found) if t)
        assert texts(found).count("UA 119/21") == texts(found).count("Amnesty") == 1
        assert "only repeat or number its pages: 7" in found.about

    def test_a_number_within_the_text_stays(self):
        found = pdf.read(drawn(["Demands", "1", "Free Samar", "2", "Investigate", "End"]), "p")
        assert [t for t in texts(found) if t] == [
            "Demands",
            "1",
            "Free Samar",
            "2",
            "Investigate",
            "End",
        ]

    def test_the_same_words_elsewhere_on_a_page_are_no_header(self):
        sheets = [[(780, "Dear Minister,"), (760, "a")], [(500, "Dear Minister,"), (480, "b")]]
        assert texts(pdf.read(drawn(*sheets), "p")).count("Dear Minister,") == 2

    def test_a_soft_hyphen_at_the_end_of_a_line_joins_it_with_the_next(self):
        rows = [margins.Row("protec\u00ad", 700.0), margins.Row("tion of", 686.0)]
        assert list(pdf._spaced(rows)) == ["protection of"]

    def test_a_pdf_without_text_is_a_scan(self):
        assert "it is a scan" in refusal(drawn([]), read=pdf.read)

    def test_a_page_without_text_among_others_is_told(self):
        assert "pages without text: 2" in pdf.read(drawn(["One"], [], ["Three"]), "p").about

    def test_a_password_is_told_and_an_empty_one_is_tried(self):
        for password, readable in (("secret", False), ("", True)):
            writer = PdfWriter(io.BytesIO(drawn(["Text"])))
            writer.encrypt(password, "owner", algorithm="RC4-128")
            file = io.BytesIO()
            writer.write(file)
            if readable:
                assert texts(pdf.read(file.getvalue(), "p")) == ["Text"]
            else:
                assert "by a password" in refusal(file.getvalue(), read=pdf.read)

    def test_the_title_is_that_of_the_properties_but_for_made_up_ones(self):
        file = io.BytesIO()
        drawing = canvas.Canvas(file)
        drawing.setTitle("Act now")
        drawing.drawString(72, 700, "x")
        drawing.save()
        assert pdf.read(file.getvalue(), "p").title == "Act now"
        assert pdf.read(drawn(["x"]), "p").title == ""

    def test_pages_are_bounded(self, monkeypatch):
        monkeypatch.setattr(pdf, "MAX_PAGES", 2)
        assert "has 3 pages" in refusal(drawn(["a"], ["b"], ["c"]), read=pdf.read)

    def test_a_broken_pdf_is_one_line_and_nothing_reaches_the_terminal(self, capfd, caplog):
        good = drawn(["Text"])
        for data in (b"%PDF-1.4\nrubbish", good[:200], good.replace(b"/Page", b"/Pxge")):
            refusal(data, read=pdf.read)
        assert capfd.readouterr() == ("", "")
        assert caplog.records == []


class TestJson:
    def test_an_object_is_kept_as_it_is(self):
        found = of('\ufeff {"title": "UA", "targets": [{"name": "Señora"}]}')
        assert found.data == {"title": "UA", "targets": [{"name": "Señora"}]}
        assert (found.format, found.lines) == ("json", ())

    @pytest.mark.parametrize("source", ['["a"]', "[]", '[{"a": 1}]'])
    def test_what_is_no_object_is_refused(self, source):
        assert "no object" in refusal(source)

    @pytest.mark.parametrize(
        "source", ['{"a": ', '{"a": "\\ud800"}', '{"a": NaN}', '{"a": 1e999}', '{"a": 1} x']
    )
    def test_broken_json_is_one_line(self, source):
        assert refusal(source).startswith("is no valid JSON")

    def test_json_is_bounded_in_depth_and_size(self):
        assert "nested" in refusal('{"a":' + "[" * 60 + "]" * 60 + "}")
        assert "nested" in refusal('{"a":' * 20_000)
        assert "JSON of more than" in refusal('{"a": "' + "x" * 5_000_000 + '"}')

    @pytest.mark.parametrize("source", ["{curly} braces", "[Name of the minister]", "[1] a note"])
    def test_brackets_in_front_of_words_are_text(self, source):
        assert of(source).format == "text"


class TestTelling:
    @pytest.mark.parametrize(
        ("data", "format_"),
        [
            (b"\n<!-- x -->\n<!DOCTYPE html><p>a", "html"),
            ("<HTML><p>é".encode("utf-16"), "html"),
            (b"<div class='x'>a</div>", "html"),
            (b"<samar@example.org> wrote:\n> hello", "text"),
            (b"<b", "text"),
        ],
    )
    def test_the_content_tells_the_format_whatever_the_name(self, data, format_):
        assert formats.open_document(data, "sheet.docx").format == format_

    def test_a_pdf_may_begin_a_little_later(self):
        assert of(b"\n" * 500 + drawn(["Text"]), "sheet.txt").format == "pdf"

    @pytest.mark.parametrize(
        ("data", "what"),
        [
            (b"", "is empty"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"), "(.doc)"),
            (
                b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
                "by a password",
            ),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Office"),
            (rb"{\rtf1\ansi", "(.rtf): save it as .docx"),
            (b"\x89PNG\r\n\x1a\n\0\0", "is an image"),
            (b"\xff\xd8\xff\xe0", "is an image"),
            (b"\x1f\x8b\x08", "unpack it"),
            (b"\x7fELF", "of a program"),
            (b"\0\0\0\x20ftypmp42", "sound or film"),
            (b"<?xml version='1.0'?><rss/>", "is XML"),
        ],
    )
    def test_foreign_formats_are_named_with_what_to_do(self, data, what):
        assert what in refusal(data)

    @pytest.mark.parametrize(
        ("members", "what"),
        [
            ({"[Content_Types].xml": "", "xl/workbook.xml": ""}, "spreadsheet"),
            ({"mimetype": "application/vnd.oasis.opendocument.text"}, "(.odt)"),
            ({"mimetype": "application/epub+zip"}, "e-book"),
            ({"a.txt": "a"}, "ZIP archive"),
        ],
    )
    def test_other_archives_are_named_with_what_to_do(self, members, what):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as archive:
            for name, content in members.items():
                archive.writestr(name, content)
        assert what in refusal(file.getvalue(), read=word.read)

    def test_what_is_too_large_is_refused(self, monkeypatch):
        monkeypatch.setattr(formats, "MAX_BYTES", 10)
        assert "larger than 10 bytes" in refusal("x" * 11)


class TestFiles:
    def test_a_file_is_read_under_its_own_name(self, tmp_path):
        path = tmp_path / "ua.txt"
        path.write_text("UA 1/26", encoding="utf-8")
        assert formats.read_file(path).name == "ua.txt"

    def test_a_stream_has_a_dash_for_a_name(self):
        assert formats.read_stream(io.BytesIO(b"UA 1/26")).name == "-"

    def test_what_is_no_file_says_so(self, tmp_path):
        def said(path):
            with pytest.raises(DocumentError) as caught:
                formats.read_file(path)
            return str(caught.value)

        (tmp_path / "empty").touch()
        assert "is not there" in said(tmp_path / "none")
        assert "is a folder" in said(tmp_path)
        assert said(tmp_path / "empty") == "empty: is empty"
        assert "cannot be read" in said(tmp_path / "empty" / "below")
        assert "cannot be read" in said(tmp_path / ("x" * 5000))
        assert "no name of a file" in said(tmp_path / "a\0b")

    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with a name")
    def test_a_pipe_is_not_waited_for(self, tmp_path):
        os.mkfifo(tmp_path / "pipe")
        with pytest.raises(DocumentError, match="no plain file"):
            formats.read_file(tmp_path / "pipe")

    def test_a_stream_larger_than_allowed_is_refused(self, monkeypatch):
        monkeypatch.setattr(formats, "MAX_BYTES", 10)
        with pytest.raises(DocumentError, match="larger than 10"):
            formats.read_stream(io.BytesIO(b"x" * 20))


class TestApart:
    def test_a_child_reads_as_this_process_does(self):
        made = docx.Document()
        made.add_paragraph("Señor Ministro")
        for data, read in (
            (saved(made), word.read),
            (drawn(["Text"]), pdf.read),
            (b"<p>a<p>b", pages.read),
        ):
            assert of(data, "n") == read(data, "n")

    def test_an_error_of_the_child_is_told_under_the_name_of_the_document(self):
        assert refusal(b"%PDF-1.4 rubbish", "a b.pdf") == pdf.BROKEN

    def test_a_child_that_takes_too_long_is_ended(self):
        with pytest.raises(DocumentError, match="takes too long"):
            apart.read("html", b"<p>x", "p", seconds=0.001)

    def test_markup_that_takes_its_parser_without_end_meets_its_bound(self):
        # Its time grows with the square of the depth.
        with pytest.raises(DocumentError, match="made to harm"):
            apart.read("html", b"<html>" + b"<div>" * 500_000, "p", seconds=1)

    @pytest.mark.skipif(sys.platform != "linux", reason="other systems set no such bound")
    def test_a_child_that_wants_too_much_memory_says_so(self):
        code = (
            "from types import SimpleNamespace\n"
            "from uasocial.reading.formats import apart\n"
            "apart._bound()\n"
            "greedy = SimpleNamespace(read=lambda data, name: bytearray(3 * apart.MEMORY))\n"
            "print(apart._answer(greedy, b'').decode())"
        )
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, check=True, encoding="utf-8"
        )
        assert apart.TOO_MUCH in done.stdout

    def test_a_child_takes_no_module_from_the_present_folder(self, tmp_path, monkeypatch):
        (tmp_path / "selectolax.py").write_text("raise SystemExit(3)", encoding="utf-8")
        monkeypatch.chdir(tmp_path)
        assert texts(of("<p>a")) == ["a"]

    def test_a_text_needs_no_child_and_no_library(self):
        code = (
            "import sys; from uasocial.reading import formats;"
            "formats.open_document(b'UA 1/26', 'x'); formats.open_document(b'{}', 'x');"
            "print([m for m in ('selectolax', 'docx', 'pypdf', 'subprocess', 'zipfile')"
            " if m in sys.modules])"
        )
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, check=True, encoding="utf-8"
        )
        assert done.stdout == "[]\n"


def test_decoding_tells_nothing_about_plain_utf_8():
    assert text.decode("año".encode(), "x") == ("año", "")
