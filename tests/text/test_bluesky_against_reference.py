"""What Bluesky counts and links, beside npm @atproto/api on random texts.

Bytes agree on every text. Facets and graphemes are compared on texts whose characters both sides
know: Node 20 has Unicode 17, `regex` 2026.11 has Unicode 18, and a mark or a sign that only one
of them knows (U+1ADE, U+10EF0) ends a grapheme or a tag in one place or the other. No other
difference remained in 280,000 texts.
"""

import importlib.util
import json
import subprocess
from pathlib import Path

import pytest
import regex

from uasocial.text import bluesky

pytestmark = pytest.mark.node

ORACLE = Path(__file__).parent.parent / "oracle"
UNHEARD = regex.compile(r"(?!\p{Noncharacter_Code_Point})\p{Cn}")


def texts_of(count, seed):
    path = ORACLE / "random_texts.py"
    spec = importlib.util.spec_from_file_location("random_texts", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return list(module.random_texts(count, seed))


def reference(node, texts):
    lines = "".join(f"{json.dumps(text)}\n" for text in texts)
    done = subprocess.run(
        [node, ORACLE / "bluesky.mjs"],
        input=lines,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    # Not splitlines(): a U+2028 stands as itself in JSON.
    return [json.loads(line) for line in done.stdout.split("\n")[:-1]]


def test_random_texts_are_counted_and_linked_alike(node, request):
    texts = texts_of(request.config.getoption("--texts"), request.config.getoption("--seed"))
    answers = reference(node, texts)
    compared, wrong = 0, []
    for text, answer in zip(texts, answers, strict=True):
        ours = {"bytes": bluesky.byte_length(text)}
        if answer["known"] and not UNHEARD.search(text):
            compared += 1
            ours["graphemes"] = bluesky.length(text)
            ours["facets"] = [list(facet) for facet in bluesky.facets(text)]
        if ours != {name: answer[name] for name in ours}:
            wrong.append((text, answer, ours))
    assert not wrong[:3], f"{len(wrong)} of {len(texts)}"
    assert compared > len(texts) / 2
