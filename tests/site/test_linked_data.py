"""What a page says to machines: words of schema.org, safe within HTML."""

import json
from datetime import UTC, datetime
from html.parser import HTMLParser

import jinja2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.site import gates
from tests.site.gates import BASE, ENGLISH, WITHDRAWN

from uasocial.site.cards import Card, CardWords
from uasocial.site.machines.linked_data import as_script, json_ld

GATE = replace(gates.GATE, number="UA 1/26", closes_at=datetime(2026, 2, 9, 23, tzinfo=UTC))

# https://schema.org: of each type we use, the properties we use of it or of those above it
KNOWN = {
    "WebPage": "name description inLanguage url identifier datePublished dateModified mainEntity",
    "CommunicateAction": "name actionStatus endTime inLanguage about recipient",
    "Country": "name identifier",
    "Organization": "name",
}


def of(card: Card, base: str = BASE):
    return json_ld(card, "en", ENGLISH, base, ["Minister of Gates"])


def assert_known(node) -> None:
    assert {*node} - {"@type", "@context"} <= {*KNOWN[node["@type"]].split()}
    for value in node.values():
        for inner in value if isinstance(value, list) else [value]:
            if isinstance(inner, dict):
                assert_known(inner)


@pytest.mark.parametrize(
    "card", [GATE, WITHDRAWN, *(replace(GATE, state=s) for s in ("over", "stopped", "closed"))]
)
def test_every_word_is_one_of_schema_org(card):
    made = of(card)
    assert (made["@context"], made["@type"]) == ("https://schema.org", "WebPage")
    assert_known(made)


def test_an_open_action_can_be_taken_until_its_last_day_ends():
    made = of(GATE)
    assert (made["name"], made["description"]) == ("Open the gate", "The gate is closed.")
    assert made["url"] == "https://act.example/ua/a/gate/en/"
    assert (made["inLanguage"], made["identifier"]) == ("en", "UA 1/26")
    assert (made["datePublished"], made["dateModified"]) == ("2026-01-09", "2026-01-10")
    action = made["mainEntity"]
    assert action["actionStatus"] == "https://schema.org/PotentialActionStatus"
    assert action["endTime"] == "2026-02-09T23:00:00+00:00"
    assert action["about"] == [{"@type": "Country", "name": "Peru", "identifier": "PE"}]
    assert action["recipient"] == [{"@type": "Organization", "name": "Minister of Gates"}]


@pytest.mark.parametrize("state", ["over", "good-news", "closed"])
def test_what_has_ended_is_completed(state):
    action = of(replace(GATE, state=state))["mainEntity"]
    assert action["actionStatus"] == "https://schema.org/CompletedActionStatus"


def test_of_a_stopped_action_no_action_is_told():
    made = of(replace(GATE, state="stopped", words={"en": CardWords(title="Open the gate")}))
    assert "mainEntity" not in made
    assert made["description"].startswith("This action was stopped.")


def test_of_a_withdrawn_action_only_that_is_told():
    said = as_script(of(WITHDRAWN))
    assert "This action was withdrawn." in said
    assert not [word for word in ("gate", "Minister", "PE", "act.example") if word in said]


def test_good_news_is_what_the_page_is_about():
    words = CardWords(title="Open the gate", lead="It was closed.", outcome="It is open.")
    assert of(replace(GATE, state="good-news", words={"en": words}))["description"] == "It is open."


def test_without_an_address_there_is_none():
    assert "https://act.example" not in as_script(of(GATE, ""))
    assert "url" not in of(GATE, "")


class Scripts(HTMLParser):
    """Gathers what a reader of HTML finds within script elements, and every element's name."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []
        self.text = ""

    def handle_starttag(self, tag, _attributes) -> None:
        self.names.append(tag)

    def handle_data(self, data) -> None:
        self.text += data


@given(st.text(st.characters(), max_size=60))
def test_no_text_leaves_its_script_and_all_of_it_comes_back(text):
    written = as_script({"name": text})
    reader = Scripts()
    reader.feed(f'<script type="application/ld+json">{written}</script>')
    reader.close()
    assert reader.names == ["script"]
    assert json.loads(reader.text) == {"name": text}
    written.encode()


def test_what_html_or_javascript_gives_a_meaning_is_escaped():
    written = as_script({"name": "</script><!--<script>&\u2028\u2029\ud800é"})
    assert written == (
        r'{"name":"\u003c/script\u003e\u003c!--\u003cscript\u003e\u0026\u2028\u2029\ud800é"}'
    )


def test_a_template_leaves_it_as_it_is():
    template = jinja2.Environment(autoescape=True).from_string("{{ data }}")
    assert json.loads(template.render(data=as_script(of(GATE)))) == of(GATE)


def test_a_browser_runs_no_such_script_and_no_policy_has_to_allow_it(page_at, served, tmp_path):
    said = as_script(of(GATE))
    policy = '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'">'
    head = f'<meta charset="utf-8"><link rel="icon" href="data:,">{policy}<title>x</title>'
    script = f'<script type="application/ld+json">{said}</script>'
    page = tmp_path / "index.html"
    page.write_text(f'<!doctype html><html lang="en">{head}{script}', encoding="utf-8")
    visit = page_at(f"{served(tmp_path)}/")
    found = visit.page.evaluate(
        "() => document.querySelector('script[type=\"application/ld+json\"]').textContent"
    )
    assert json.loads(found) == of(GATE)
    assert [one for one in visit.log.violations if "script" in one] == []
    # A script that would run is refused there, and told of.
    page.write_text(f"<!doctype html>{head}<script>1</script>", encoding="utf-8")
    assert [one for one in page_at(f"{served(tmp_path)}/").log.violations if "script" in one]
