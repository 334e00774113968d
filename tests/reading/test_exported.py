"""A case that another installation shows as JSON comes in without loss."""

import json
from datetime import date

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from uasocial.errors import DocumentError
from uasocial.model import Action, Facts, Words, dialect, files, tree, writing
from uasocial.plugins import PluginHost
from uasocial.reading import Document, choosing
from uasocial.reading.assembling import assemble, complete
from uasocial.reading.layouts import Layouts
from uasocial.reading.layouts import exported as exported_case

TODAY = date(2021, 12, 1)


def exported(data, name="case.json"):
    return Document(name=name, format="json", sha256="0" * 64, data=data)


def shown(action: Action) -> dict:
    """What `uasocial show ACTION --json` prints."""
    content = {"id": action.id, "facts": action.facts, "words": action.words, "versions": []}
    plain = msgspec.to_builtins(content, enc_hook=str)
    return json.loads(json.dumps({"schema": 1, "actions": [plain]}, default=str))


def read(data):
    return choosing.read(PluginHost(Layouts()), exported(data))


def written(data) -> dict[str, object]:
    """Import *data*, write it, and return what the model reads in the files."""
    case = complete(assemble([read(data)], TODAY), TODAY)
    assert case.doubts == case.unplaced == case.disagreements == ()
    found = {}
    for file, content in case.plain().items():
        path = files.Path(f"{file}.yaml")
        kind = Facts if file == "action" else Words
        found[file] = files.decode(tree.parse(writing.dump(content), path), kind, TODAY)
    return found


@pytest.mark.parametrize("name", ["ua-119-21", "school-in-the-hills"])
def test_a_sample_comes_out_as_it_went_in(sample_kit, name):
    action = sample_kit.action(name)
    found = written(shown(action))
    assert found.pop("action") == action.facts
    assert found == action.words


texts = st.text(
    st.one_of(st.characters(exclude_categories=["Cc", "Cs", "Co", "Cn", "Cf", "Zl", "Zp"]),
              st.sampled_from(" #:-\n\u200d'\"{}[]")),
    min_size=1, max_size=120,
).filter(lambda text: not dialect.forbidden(text))  # fmt: skip
names = texts.filter(lambda text: not set("\n\r\t") & set(text) and "\u200d" not in text)
ids = st.from_regex(r"[a-z][a-z0-9]{0,9}(-[a-z0-9]{1,5})?", fullmatch=True)
tags = st.sampled_from(["en", "es", "no", "zh-Hant", "ar"])
handles = st.sampled_from(["ana", "ana@social.example", "ana.test"])
several = {"min_size": 1, "max_size": 3}
days = st.dates(date(2021, 1, 1), date(2021, 6, 1)).map(date.isoformat)


def some(**optional):
    return st.fixed_dictionaries({}, optional=optional)


def noun(needed, **optional):
    return st.fixed_dictionaries(needed, optional=optional)


holders = noun(
    {"name": names},
    handles=st.dictionaries(st.sampled_from(["x", "mastodon"]), handles, **several),
    salutation=st.dictionaries(tags, texts, **several),
    confirmed_on=days,
)
targets = noun(
    {"id": ids, "office": st.dictionaries(tags, names, **several)},
    address=st.lists(names, **several),
    country=st.just("NO"),
    emails=st.just(["a@gate.example"]),
    holders=st.lists(holders, **several),
)
facts = noun(
    {
        "countries": st.just(["NO", "PE"]),
        "active_since": days,
        "deadline": st.dates(date(2021, 7, 1), date(2022, 7, 1)).map(date.isoformat),
        "targets": st.lists(targets, unique_by=lambda t: t["id"], **several),
    },
    number=st.sampled_from(["UA 119/21", "FI 104/19-5"]),
    own_language=st.booleans(),
    embargo=st.just("2021-03-01 10:00:00+01:00"),
    hashtags=st.fixed_dictionaries({"country": st.just("Perú")}),
    people=st.lists(noun({"name": names}, age=st.integers(0, 130), group=st.booleans()), **several),
    documents=st.lists(noun({"language": tags}, title=texts), **several),
    mentions=st.dictionaries(st.sampled_from(["x"]), st.lists(handles, **several), **several),
    postage=st.just([{"from": "CH", "to": "NO", "amount": "2.50", "currency": "CHF"}]),
    sources=st.lists(noun({}, title=texts, url=st.just("https://example.org")), **several),
    notes=st.lists(texts, **several),
)
posts = st.one_of(
    noun({"id": ids, "text": texts}, platforms=st.sampled_from([[], ["x"], ["x", "mastodon"]])),
    noun({"id": ids, "template": texts}),
)
words = noun(
    {"title": names, "lead": texts},
    body=st.lists(texts, **several),
    demands=st.lists(texts, **several),
    letter=noun({"salutation": names, "paragraphs": st.lists(texts, max_size=2)}, closing=names),
    alt=st.dictionaries(ids, texts, **several),
    posts=st.lists(posts, unique_by=lambda p: p["id"], **several),
)


@settings(deadline=None, max_examples=80, derandomize=True, suppress_health_check=list(HealthCheck))
@given(facts, st.dictionaries(tags, words, **several))
def test_any_case_comes_out_as_it_went_in(facts, words):
    found = written({"schema": 1, "actions": [{"id": "a", "facts": facts, "words": words}]})
    path = files.Path("case")
    assert found.pop("action") == files.decode(tree.Tree(path, facts, {}), Facts, TODAY)
    assert found == {
        tag: files.decode(tree.Tree(path, said, {}), Words, TODAY) for tag, said in words.items()
    }


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"title": "A title"}, "is no urgent action: there is no `actions`, as `uasocial show"),
        ([], "is no urgent action"),
        (None, "is no urgent action"),
        ({"schema": 2, "actions": [{}]}, "a newer uasocial wrote it"),
        ({"schema": "1", "actions": [{}]}, "has schema '1': unknown here"),
        ({"schema": 1, "actions": [{"id": "a"}, {"id": "b"}]}, r"holds 2 actions \(a, b\): give"),
        ({"schema": 1, "actions": []}, "holds 0 actions: give one"),
        ({"schema": 1, "actions": ["x"]}, "holds no facts and words"),
        ({"schema": 1, "actions": [{"id": "a", "words": []}]}, "must have languages as keys"),
        ({"schema": 1, "actions": [{"words": {"../x": {}}}]}, "must have languages as keys"),
        ({"schema": 1, "actions": [{"words": {}}]}, "action: 'countries' is missing;"),
    ],
)
def test_what_is_no_case_is_one_clear_line(data, sentence):
    with pytest.raises(DocumentError, match=sentence) as told:
        read(data)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("deadline", "2022-02-30", "action: deadline: '2022-02-30' is no day of the calendar"),
        ("deadline", 20220230, "action: deadline: 20220230 is no date"),
        ("colour", "red", "action: colour: unknown key 'colour'"),
        ("notes", ["a\u202eb"], r"action: notes.0: holds the character U\+202E"),
        ("active_since", "2023-01-01", "action: the last day to act, 2022-01-02, lies before"),
        ("own_language", 0.5, "action: own_language: true or false belongs here"),
    ],
)
def test_a_value_that_the_model_refuses_is_told_with_its_place(sample_kit, key, value, sentence):
    data = shown(sample_kit.action("ua-119-21"))
    data["actions"][0]["facts"][key] = value
    with pytest.raises(DocumentError, match=f"case.json: {sentence}"):
        read(data)


def test_another_format_is_left_to_others():
    assert exported_case.match(Document(name="a", format="docx", sha256="")) is None
