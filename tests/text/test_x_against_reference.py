"""Length, validity and all entities, against npm twitter-text 3.1.0 on random texts.

No difference is known on texts of characters that both Unicode tables know. One is by intent:
the reference throws a RangeError on labels of some 2,000 characters outside ASCII, where its
punycode overflows; here such a domain is no URL, as every label of more than 63 characters.
"""

import importlib.util
import json
import subprocess

import pytest

from uasocial.text import x

ENTITIES = ("urls", "hashtags", "mentions", "cashtags")


@pytest.fixture(scope="session")
def random_texts(request):
    path = request.config.rootpath / "tests" / "oracle" / "random_texts.py"
    spec = importlib.util.spec_from_file_location("random_texts", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return list(
        module.random_texts(request.config.getoption("texts"), request.config.getoption("seed"))
    )


@pytest.fixture(scope="session")
def reference(request, node):
    program = request.config.rootpath / "tests" / "oracle" / "x.mjs"

    def ask(texts):
        lines = "".join(json.dumps(text) + "\n" for text in texts)
        done = subprocess.run(
            [node, program], input=lines, capture_output=True, encoding="utf-8", check=True
        )
        return [json.loads(line) for line in done.stdout.split("\n")[:-1]]

    return ask


def ours(text):
    answer = {"length": x.weighted_length(text), "valid": x.is_valid(text)}
    for entity in ENTITIES:
        answer[entity] = [[span.start, span.end] for span in getattr(x, entity)(text)]
    return answer


@pytest.mark.node
def test_no_difference_on_random_texts(random_texts, reference):
    theirs = reference(random_texts)
    assert len(theirs) == len(random_texts)
    for text, answer in zip(random_texts, theirs, strict=True):
        assert ours(text) == answer, ascii(text)


@pytest.mark.node
def test_no_difference_on_any_emoji_sequence(reference):
    from uasocial.text.tables.x_emoji import AFTER

    texts = [
        f"{first}{rest}{end}"
        for rest, firsts in AFTER.items()
        for first in firsts
        for end in ("", "🏽", "\ufe0f", "\ufe0e")
    ]
    texts += [text.replace("🏻", "🏿") for text in texts if "🏻" in text]
    for text, answer in zip(texts, reference(texts), strict=True):
        assert x.weighted_length(text) == answer["length"], ascii(text)


@pytest.mark.node
def test_no_difference_on_any_top_level_domain(reference):
    from uasocial.text.tables import x_tlds

    tlds = [*x_tlds.ASCII.split(), *x_tlds.OTHER.split()]
    texts = [
        text
        for tld in tlds
        for text in (
            f"a.{tld}",
            f"http://é😀.{tld.upper()}/x",
            f"a.{tld}1",
            f"a.{tld}中",
            f"a.{tld[:-1]}",
        )
    ]
    for text, answer in zip(texts, reference(texts), strict=True):
        assert ours(text) == answer, ascii(text)
