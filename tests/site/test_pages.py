"""The templates: what is put into them is text, and a section's own go before ours."""

import pytest

from uasocial.errors import TemplateError
from uasocial.site.contents import Site
from uasocial.site.interface import interface
from uasocial.site.pages import Pages


@pytest.fixture
def pages(tmp_path):
    def write(**templates: str) -> Pages:
        for name, text in templates.items():
            (tmp_path / f"{name}.html.j2").write_text(text, encoding="utf-8")
        return Pages([tmp_path])

    return write


def rendered(pages: Pages, name: str, **values: object) -> str:
    return pages.render(f"{name}.html.j2", interface=interface("de"), **values).decode()


def test_what_is_put_into_a_page_is_text(pages):
    made = pages(one="<p>{{ it }}</p>")
    assert rendered(made, "one", it="<b>&") == "<p>&lt;b&gt;&amp;</p>"


def test_controls_and_lone_surrogates_get_a_sign_that_can_be_seen(pages):
    made = pages(one="{{ it }}")
    assert rendered(made, "one", it="a\x00\x1b\ud800\x85b\n\t") == "a\ufffd\ufffd\ufffd\ufffdb\n\t"


def test_a_sentence_of_the_interface_keeps_what_is_put_into_it_as_text(pages):
    made = pages(one="{% trans it=it %}as of {{ it }}{% endtrans %}")
    assert "&lt;b&gt;" in rendered(made, "one", it="<b>")


def test_a_section_overrides_a_part_and_builds_on_ours(pages):
    made = pages(
        parts='{% extends "ours/parts.html.j2" %}',
        mine='{% import "ours/parts.html.j2" as p %}{{ p.lines(["<a>", "b"]) }}',
    )
    assert rendered(made, "mine") == "<bdi>&lt;a&gt;</bdi><br><bdi>b</bdi>"


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("\n{{ nothing }}", 2, "'nothing' is undefined"),
        ("\n\n{% if %}", 3, "Expected an expression"),
        ('{% include "lost.html.j2" %}', 1, "lost.html.j2"),
    ],
)
def test_a_fault_in_a_template_is_told_with_file_and_line(pages, text, line, said):
    with pytest.raises(TemplateError) as told:
        rendered(pages(one=text), "one")
    assert told.value.line == line
    assert "one.html.j2" in told.value.source
    assert said in told.value.message


def test_a_template_of_a_project_from_elsewhere_reaches_nothing_of_python(pages):
    made = pages(one="{{ it.__class__.__mro__ }}", two="{{ it.append(1) }}")
    with pytest.raises(TemplateError, match="unsafe"):
        rendered(made, "one", it=[])
    with pytest.raises(TemplateError, match="append"):
        rendered(made, "two", it=[])


PATHS = (
    "telling._case.kit",
    "telling._facts",
    "telling.case",
    "interface._catalogue",
    "interface.__class__",
    "to.func.__globals__",
)


@pytest.mark.parametrize("path", PATHS)
def test_a_template_of_a_project_finds_no_way_to_its_files_or_to_what_is_not_public(cases, path):
    cases.write()
    own = cases.root / "site"
    own.mkdir()
    text = "{% extends 'ours/case.html.j2' %}{% block main %}{{ " + path + " }}{% endblock %}"
    (own / "case.html.j2").write_text(text, encoding="utf-8")
    site = Site(cases.kit(), "")
    card = site.look_at("gate").card
    (page,) = [one for one in site.of_case(card) if one.path == "a/gate/en/index.html"]
    with pytest.raises(TemplateError, match=r"case\.html\.j2:1: "):
        page.make()


@pytest.mark.parametrize("within", ['{% include "two.html.j2" %}', '{% extends "two.html.j2" %}'])
def test_a_template_that_is_not_utf_8_is_told_by_its_own_name(pages, tmp_path, within):
    made = pages(one=within)
    (tmp_path / "two.html.j2").write_bytes(b"\xff")
    with pytest.raises(TemplateError, match=r"two\.html\.j2: is not UTF-8: save it as UTF-8$"):
        rendered(made, "one")


def test_whatever_goes_wrong_in_a_template_is_told_with_its_line(pages):
    with pytest.raises(TemplateError, match=r"one\.html\.j2:2: ZeroDivisionError"):
        rendered(pages(one="\n{{ 1 / 0 }}"), "one")
