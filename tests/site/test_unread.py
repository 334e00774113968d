"""What in a section's folder nothing reads is told, with what would be read instead."""

import pytest

from uasocial.site.unread import unread

BASE = '{% extends "ours/base.html.j2" %}{% block foot %}{% include "foot.html" %}{% endblock %}'


@pytest.fixture
def own(cases):
    """Lay files into the folder of a section; return what is told of them."""

    def put(**files: str) -> list[str]:
        for name, text in files.items():
            path = cases.root / "site" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return unread(cases.kit().project)

    return put


def test_without_a_folder_there_is_nothing_to_tell(own):
    assert own() == []


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("style.css", "site/style.css: nothing reads it: extra.css is read"),
        ("logo.jpg", "site/logo.jpg: nothing reads it: logo.svg or logo.png is read"),
        ("Extra.css", "site/Extra.css: nothing reads it: extra.css is read"),
        (
            "bases.html.j2",
            "site/bases.html.j2: nothing reads it; did you mean 'base.html.j2'?",
        ),
        ("base.html", "site/base.html: nothing reads it; did you mean 'base.html.j2'?"),
        ("zzz", "site/zzz: nothing reads it"),
        (
            "Ours.ttf",
            "site/Ours.ttf: nothing reads it: the .ttf and .otf files in fonts/ are read",
        ),
        (
            "fonts/Ours.woff2",
            "site/fonts/Ours.woff2: nothing reads it: the .ttf and .otf files in fonts/ are read",
        ),
        ("pictures/a.png", "site/pictures: nothing reads this folder"),
        ("font/a.ttf", "site/font: nothing reads this folder; did you mean 'fonts'?"),
    ],
)
def test_a_file_that_nothing_reads_is_told(own, name, said):
    assert own(**{name: ""}) == [said]


def test_what_is_read_or_for_people_is_not_told(own):
    names = ("logo.svg", "extra.css", "fonts/Ours.ttf", "fonts/OFL.txt", "fonts/Ours.OTF")
    others = (".DS_Store", ".git/config", "README.md", "fonts/LICENSE")
    assert own(**dict.fromkeys((*names, *others), "")) == []


def test_of_two_logos_the_one_that_is_not_shown_is_told(own):
    told = own(**{"logo.svg": "", "logo.png": ""})
    assert told == ["site/logo.png: nothing reads it: logo.svg is read"]


def test_a_folder_is_told_once_however_much_lies_in_it(own):
    told = own(**{"more/one.png": "", "more/two.png": "", "more/deep/three.png": ""})
    assert told == ["site/more: nothing reads this folder"]


def test_what_a_template_takes_in_is_read_wherever_it_lies(own):
    files = {"base.html.j2": BASE, "foot.html": '{% import "parts/one.html" as one %}'}
    told = own(**files, **{"parts/one.html": "", "parts/two.html": "", "story.j2": BASE})
    assert told == [
        "site/parts/two.html: nothing reads it",
        "site/story.j2: nothing reads it; did you mean 'story.html.j2'?",
    ]


@pytest.mark.parametrize("base", ["{% include name %}", "{% if %}"])
def test_where_nobody_knows_what_a_template_takes_in_no_template_is_told(own, base):
    told = own(**{"base.html.j2": base, "other.html": "", "style.css": ""})
    assert told == ["site/style.css: nothing reads it: extra.css is read"]


@pytest.mark.parametrize("name", ["logo.svg", "extra.css", "base.html.j2"])
def test_a_link_that_leads_nowhere_is_told(own, cases, name):
    own(**{"logo.png": ""})
    (cases.root / "site" / name).symlink_to("lost")
    assert own() == [f"site/{name}: is a link that leads nowhere"]


@pytest.mark.parametrize("lay", [lambda path: path.touch(), lambda path: path.symlink_to("lost")])
def test_what_stands_in_the_place_of_the_folder_is_told(own, cases, lay):
    lay(cases.root / "site")
    assert own() == ["site: is no folder: nothing reads it"]


def test_a_build_tells_it_once_on_stderr_and_goes_on(cases, command, monkeypatch):
    cases.write()
    (cases.root / "site").mkdir()
    (cases.root / "site" / "style.css").touch()
    monkeypatch.chdir(cases.root)
    done = command("site", "build", "public", "--as-of", "2026-01-20")
    assert (done.status, done.err) == (
        0,
        "site/style.css: nothing reads it: extra.css is read\n",
    )
