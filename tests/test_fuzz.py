"""Whatever stands in the files of a case or in a text: no exception but our own leaves us."""

import contextlib
import tempfile
from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from uasocial.errors import TemplateError, UasocialError
from uasocial.model import Draft, Facts, Words, read_faults
from uasocial.platforms.builtin import PLATFORMS
from uasocial.platforms.platform import NoAddress
from uasocial.rules import Days
from uasocial.rules import drafts as rules
from uasocial.words.environment import Environment, compile_template, render
from uasocial.words.filters import filters_for
from uasocial.words.optional import parts
from uasocial.words.views import context_for

TODAY = date(2026, 1, 20)
SAMPLES = [
    path.read_bytes() for path in sorted((Path(__file__).parents[1] / "actions").glob("*/*.yaml"))
]
quick = settings(
    deadline=None,
    max_examples=150,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)

GOOD_FACTS = b"""\
countries: [PE]
active_since: 2026-01-10
deadline: 2026-02-10
targets:
  - {id: minister, office: {en: Minister}}
"""
GOOD_WORDS = b"title: A title\nlead: A lead.\n"


def faults_of(facts: bytes, words: bytes) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        case = Path(folder, "case")
        case.mkdir()
        (case / "action.yaml").write_bytes(facts)
        (case / "en.yaml").write_bytes(words)
        found = read_faults(Path(folder), "case", TODAY)[1]
    return [str(place) for place in found]


def test_the_files_that_the_fuzz_begins_with_are_good():
    assert faults_of(GOOD_FACTS, GOOD_WORDS) == []


@st.composite
def mutations(draw) -> bytes:
    """A sample file with some bytes changed, taken out, doubled or put in."""
    data = draw(st.sampled_from(SAMPLES))
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(data)))
        end = min(len(data), at + draw(st.integers(0, 30)))
        piece = draw(
            st.one_of(
                st.binary(max_size=6),
                st.just(data[at:end] * 2),
                st.sampled_from(
                    [b":", b"- ", b"\n", b"#", b"&a ", b"*a", b"!x ", b"{", b"[", b'"', b"null"]
                ),
                st.sampled_from([b"\xff", b"\xed\xa0\x80", "\u202e".encode(), b"\0", b'"\\uD800"']),
            )
        )
        data = data[:at] + piece + data[end:]
    return data


@settings(quick, max_examples=400)
@given(st.one_of(st.binary(max_size=200), mutations()))
def test_random_bytes_in_either_file_raise_nothing(data):
    for fault in faults_of(data, GOOD_WORDS) + faults_of(GOOD_FACTS, data):
        assert "\n" not in fault
        fault.encode("utf-8")


FACT_KEYS = list(Facts.__struct_fields__)
WORD_KEYS = list(Words.__struct_fields__)
leaves = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=10),
    st.sampled_from(["PE", "en", "2026-01-10", "today", "today+999", "UA 1/26", "9999-12-31"]),
    st.sampled_from(["0001-01-01", "today-999", "AMR 46/5033/2021", "x", "+41313518570"]),
)
keys = st.one_of(
    st.sampled_from(["id", "office", "holders", "en", "name", "text", "template", "use", "on"]),
    st.text(max_size=5),
)
values = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=12,
)


@quick
@given(
    st.dictionaries(st.sampled_from(FACT_KEYS), values, max_size=6),
    st.dictionaries(st.sampled_from(WORD_KEYS), values, max_size=4),
    st.booleans(),
)
def test_random_structures_in_the_files_raise_nothing(facts, words, example):
    good = yaml.safe_load(GOOD_FACTS.decode().replace("2026-01-10", "'2026-01-10'"))
    good["deadline"] = "2026-02-10"
    files = [
        yaml.safe_dump({**good, "example": example, **facts}, allow_unicode=True),
        yaml.safe_dump({"title": "A title", "lead": "A lead.", **words}, allow_unicode=True),
    ]
    faults_of(*(text.encode("utf-8", "surrogatepass") for text in files))


TOKENS = (
    "{{ {{ {{ }} }} }} {% {% %} %} {# #} if else elif endif for in endfor optional endoptional "
    "title demands target targets country campaign action nope loop self demand . .. [ ] ( ) , | "
    "| | hashtag mention link deadline days_left last_day list number join first last upper trim "
    "length ~ + * ** // % == < > and or not is defined undefined 'a' \"%s\" 0 1 -1 1e999 0x1f true "
    "none __class__ _x set macro endmacro include block endblock raw endraw recursive range"
).split()


@pytest.fixture(scope="module")
def context(request):
    kit = request.getfixturevalue("sample_kit")
    return context_for(kit.action("ua-119-21"), "en", "x", TODAY)


@settings(quick, max_examples=1200)
@given(tokens=st.lists(st.sampled_from(TOKENS), max_size=14), wrapped=st.booleans())
def test_random_templates_render_or_raise_a_template_error(context, tokens, wrapped):
    source = " ".join(tokens)
    if wrapped:
        source = "{{ " + source.replace("{", "").replace("}", "").replace("%", "") + " }}"
    with contextlib.suppress(TemplateError):
        template = compile_template(ENVIRONMENT, source, "random").template
        try:
            parts(render(template, context, "random"))
        except ValueError as error:
            assert "optional" in str(error)  # noqa: PT017 - other kinds must fail the test


ENVIRONMENT = Environment()
ENVIRONMENT.filters.update(filters_for("en"))

texts = st.text(
    st.one_of(
        st.characters(),
        st.characters(categories=["Cs"]),
        st.sampled_from("@#.:/ \n\r\0&+%=\u200d\ufe0f\u202e"),
    ),
    max_size=120,
).map(lambda text: text.replace("@#", "@ana@social.example ").replace("#.", " https://a.co/#"))


@settings(quick, max_examples=800)
@given(texts)
def test_every_text_has_a_measure_rules_and_an_address_or_a_reason_on_every_platform(
    sample_kit, text
):
    action = sample_kit.action("ua-119-21")
    for platform in PLATFORMS:
        measure = platform.measure(text)
        draft = Draft(
            action=action.id,
            language="en",
            platform=platform.name,
            occasion="appeal",
            wording="random",
            text=text,
            length=measure.length,
            limit=measure.limit,
            fits=measure.fits,
        )
        checked = [getattr(rules, name) for name in rules.__all__]
        days = Days(TODAY, TODAY)
        if not any(rule.error and list(rule.check(draft, action, days)) for rule in checked):
            with contextlib.suppress(NoAddress):
                platform.share(draft, None).encode("ascii")


@settings(quick, max_examples=40)
@given(st.text(max_size=60))
def test_a_template_of_any_text_is_that_text_or_an_error(text):
    try:
        template = compile_template(ENVIRONMENT, text, "random").template
        shown = render(template, {}, "random")
    except UasocialError as error:
        assert "random" in str(error)  # noqa: PT017 - the place is what is tested
    else:
        assert "{{" in text or "{%" in text or "{#" in text or shown == _as_jinja(text)


def _as_jinja(text: str) -> str:
    """Line ends are one kind, and the last one goes."""
    return text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n")
