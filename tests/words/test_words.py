"""How a wording becomes words: posts, templates, optional parts, handles and hashtags."""

from datetime import date

import pytest

from uasocial.errors import NotFound, TemplateError

FILLER = "word " * 40


def posts(*entries: str) -> str:
    words = "title: Open the gate\nlead: The gate is closed.\ndemands: [Open the gate]\nposts:\n"
    return words + "".join(f"  - {entry}\n" for entry in entries)


def texts(cases, platform, occasion="appeal"):
    kit = cases.kit()
    drafts = kit.drafts(kit.action("gate"), ["en"], [kit.platform(platform)], occasion)
    return {draft.wording: draft.text for draft in drafts}


def test_a_literal_text_stays_word_for_word_and_is_no_template(cases):
    text = "Dear {{ title }} {% x  ‘quoted’  #Gate"
    cases.write(en=posts(f'{{id: own, text: "{text}"}}'))
    assert texts(cases, "bluesky") == {"own": text}


def test_a_literal_text_with_a_handle_stays_where_the_handle_is(cases):
    cases.write(
        en=posts("{id: own, text: 'Dear @ana_example'}", "{id: free, template: '{{ title }}'}")
    )
    assert texts(cases, "x") == {"own": "Dear @ana_example", "free": "Open the gate"}
    for platform in ("mastodon", "bluesky", "threads", "whatsapp", "facebook"):
        assert texts(cases, platform) == {"free": "Open the gate"}


def test_a_post_with_platforms_stands_on_those_alone(cases):
    cases.write(en=posts("{id: own, text: Hello, platforms: [x]}", "{id: all, text: Hello all}"))
    assert texts(cases, "x") == {"own": "Hello", "all": "Hello all"}
    assert texts(cases, "bluesky") == {"all": "Hello all"}


def test_a_mention_is_the_handle_on_its_platform_and_name_and_office_elsewhere(cases):
    cases.write(en=posts("{id: own, template: 'Dear {{ target | mention }}'}"))
    assert texts(cases, "x") == {"own": "Dear @ana_example"}
    assert texts(cases, "mastodon") == {"own": "Dear @ana@social.example"}
    for platform in ("bluesky", "whatsapp", "email"):
        assert texts(cases, platform) == {"own": "Dear Ana Example (Minister of Gates)"}


def test_optional_parts_leave_room_for_the_content_warning_where_there_is_one(cases):
    template = "Start." + " a" * 200 + "{% optional %} One " + "b" * 80 + "{% endoptional %}"
    words = posts(f"{{id: own, template: {template!r}}}") + "content_warning: A closed gate\n"
    cases.write(en=words)
    dropped = {name: cases.draft(name).dropped for name in ("mastodon", "threads")}
    assert dropped == {"mastodon": 1, "threads": 0}
    assert cases.draft("mastodon").content_warning == "A closed gate"
    assert cases.draft("threads").content_warning == ""


def test_optional_parts_are_dropped_last_first_until_the_draft_fits(cases):
    template = (
        "Start.{% optional %} One " + "a" * 100 + ".{% endoptional %}"
        "{% optional %} Two " + "b" * 100 + ".{% endoptional %}"
        "{% optional %} Three " + "c" * 100 + ".{% endoptional %} End."
    )
    cases.write(en=posts(f"{{id: own, template: {template!r}}}"))
    draft = cases.draft("x")
    assert draft.text == f"Start. One {'a' * 100}. Two {'b' * 100}. End."
    assert (draft.dropped, draft.fits) == (1, True)
    assert cases.draft("telegram").dropped == 0


def test_a_text_is_never_cut_and_says_by_how_much_it_is_too_long(cases):
    cases.write(
        en=posts(f"{{id: own, template: '{'a' * 300}{{% optional %}} b{{% endoptional %}}'}}")
    )
    draft = cases.draft("x")
    assert draft.text == "a" * 300
    assert not draft.fits
    assert draft.share_url is None
    assert [p.message for p in draft.errors()] == ["is 20 too long (300 of 280): shorten it"]


def test_one_optional_part_holds_no_other(cases):
    nested = "{% optional %}{% optional %}a{% endoptional %}{% endoptional %}"
    cases.write(en=posts(f"{{id: own, template: '{nested}'}}"))
    with pytest.raises(TemplateError, match="stands inside another"):
        cases.draft("x")


@pytest.mark.parametrize(
    ("template", "shown"),
    [
        ("{{ campaign | hashtag }}", "#OpenTheGate"),
        ("{{ country | hashtag }}", "#Peru"),
        ("{{ 'refugee childhood' | hashtag }}", "#RefugeeChildhood"),
        ("{{ title | hashtag }}", "#OpenTheGate"),
    ],
)
def test_hashtag_makes_a_tag_in_capitals_of_words(cases, template, shown):
    cases.write(en=posts(f'{{id: own, template: "{template}"}}'))
    assert cases.draft("x").text == shown


def test_a_hashtag_that_not_all_link_whole_is_an_error(cases):
    cases.write(en=posts("{id: own, template: \"{{ '2026' | hashtag }}\"}"))
    with pytest.raises(TemplateError, match="hashtag"):
        cases.draft("x")


def test_the_country_s_own_tag_wins_over_its_name(sample_kit):
    action = sample_kit.action("ua-119-21")
    draft = next(sample_kit.drafts(action, ["en"], [sample_kit.platform("x")], "update"))
    assert draft.text.startswith("#Perú, update:")


@pytest.mark.parametrize(
    ("template", "shown"),
    [
        ("{{ action | deadline }}", "10 February 2026"),
        ("{{ action | last_day }}", "9 February 2026"),
        ("{{ action | days_left }}", "21 days"),
        ("{{ action | link }}", "https://example.org/1/en"),
        ("{{ demands | list }}", "Open the gate"),
        ("{{ 12000 | number }}", "12,000"),
        ("{{ number }}, {{ action.id }}", "UA 1/26, gate"),
        (
            "{{ target.name }}, {{ target.office }}, {{ target }}",
            "Ana Example, Minister of Gates, Ana Example",
        ),
        ("{% for d in demands %}{{ d | upper }};{% endfor %}", "OPEN THE GATE;"),
        ("{% if update is defined %}x{% else %}y{% endif %}", "y"),
        ("{{ title ~ '!' }}", "Open the gate!"),
    ],
)
def test_what_a_template_may_say(cases, template, shown):
    cases.write(en=posts(f'{{id: own, template: "{template}"}}'))
    assert cases.draft("telegram").text == shown


@pytest.mark.parametrize("source", ["{{ titel }}", "{{ titel | hashtag }}", "{{ action.titel }}"])
def test_an_undefined_name_is_an_error_with_its_file_and_line(cases, source):
    folder = cases.write(
        en="title: Open\nlead: Closed.\nposts:\n  - id: own\n    template: |-\n"
        f"      Hello\n      {source}\n"
    )
    with pytest.raises(TemplateError, match="titel") as error:
        cases.draft("x")
    assert str(error.value).startswith(f"{folder / 'en.yaml'}:7: ")


def test_an_undefined_name_in_a_template_file_is_an_error_with_its_line(cases):
    cases.write()
    cases.template("en/appeal.j2", "{{ title }}\n{{ titel }}\n")
    with pytest.raises(TemplateError, match="did you mean 'title'") as error:
        cases.draft("x")
    assert f"{cases.root / 'templates' / 'en' / 'appeal.j2'}:2: " in str(error.value)


def test_an_unknown_filter_is_an_error_with_its_line_and_the_nearest_name(cases):
    cases.write()
    cases.template("en/appeal.j2", "{{ title }}\n{{ country | hastag }}\n")
    with pytest.raises(TemplateError, match=r"appeal\.j2:2: .*did you mean 'hashtag'"):
        cases.draft("x")


@pytest.mark.parametrize(
    ("template", "sentence"),
    [
        ("{{ title | mention }}", "is asked of a target"),
        ("{{ target | link }}", "has no link"),
        ("{{ title | list }}", "is asked of several things"),
        ("{{ title | number }}", "invalid literal"),
        ("{{ demands[7] }}", "has no item 7"),
    ],
)
def test_a_filter_on_the_wrong_thing_is_an_error_that_says_so(cases, template, sentence):
    cases.write(en=posts(f'{{id: own, template: "{template}"}}'))
    with pytest.raises(TemplateError, match=sentence):
        cases.draft("x")


def test_a_language_without_templates_falls_back_to_no_other(cases):
    cases.write(pt="title: Abram\nlead: Fechado.\n")
    kit = cases.kit()
    with pytest.raises(NotFound, match="'pt'"):
        list(kit.drafts(kit.action("gate"), ["pt"], [kit.platform("x")], "appeal"))


def test_a_project_s_template_goes_before_the_packaged_one(cases):
    cases.write()
    cases.template("en/appeal.j2", "Ours: {{ title }}")
    assert cases.draft("x").text == "Ours: Open the gate"


def test_a_platform_s_own_template_goes_before_the_general_one(cases):
    cases.write()
    cases.template("en/reminder.j2", "General")
    cases.template("en/reminder.bluesky.j2", "Bluesky's")
    assert cases.draft("bluesky", "reminder").text == "Bluesky's"
    assert cases.draft("x", "reminder").text == "General"


def test_a_draft_that_counts_days_is_true_today_and_another_to_the_last_day(cases):
    cases.write(
        en=posts(
            "{id: counts, template: '{{ action | days_left }}'}", "{id: names, template: Hello}"
        )
    )
    kit = cases.kit()
    drafts = list(kit.drafts(kit.action("gate"), ["en"], [kit.platform("x")], "appeal"))
    assert [d.valid_until for d in drafts] == [date(2026, 1, 20), date(2026, 2, 9)]


def test_the_organisation_is_named_only_where_the_case_allows_it(cases):
    text = (cases.write() / "action.yaml").read_text()
    cases.write("named", facts=text + "name_organisation: true\n")
    cases.settings('organisation = "Our section"\n')
    cases.template(
        "en/thanks.j2", "{% if organisation is defined %}{{ organisation }}{% else %}-{% endif %}"
    )
    kit = cases.kit()
    shown = [
        next(kit.drafts(kit.action(name), ["en"], [kit.platform("x")], "thanks")).text
        for name in ("gate", "named")
    ]
    assert shown == ["-", "Our section"]


@pytest.mark.parametrize("size", [100_001, 20_001])
def test_a_huge_template_file_is_refused(cases, size):
    cases.write()
    cases.template("en/appeal.j2", "a" * size)
    with pytest.raises(TemplateError, match=r"is l(arger|onger) than"):
        cases.draft("x")


def test_a_template_that_is_not_utf_8_is_refused(cases):
    cases.write()
    cases.template("en/appeal.j2", "x")
    (cases.root / "templates" / "en" / "appeal.j2").write_bytes(b"\xff")
    with pytest.raises(TemplateError, match="not UTF-8"):
        cases.draft("x")
