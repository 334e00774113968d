"""How fast posts for X are counted: here, by npm twitter-text, by PyPI twitter-text-parser.

Run `python benchmarks/x_counting.py` from the repository. The last package is installed in a
temporary environment, with the old setuptools that it needs, where an index can be reached.
"""

import json
import random
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable
from pathlib import Path

from uasocial.text import x

HERE = Path(__file__).parent
COUNT = 6000
LENGTH = 167
ROUNDS = 5
TURNS = 4
SENTENCES = (
    "Mariam has been held without charge for 200 days.",
    "Her family has not been told where she is.",
    "Call on the minister to release her now!",
    "Write today — every letter counts.",
    "Llama a las autoridades a liberarla de inmediato.",
    "¡Su vida está en peligro!",
    "Demandez sa libération immédiate et sans condition.",
    "L’avocate n’a pas pu la voir.",
    "Fordern Sie die sofortige Freilassung der Aktivistin.",
    "Exija à justiça um julgamento justo.",
    "Требуйте немедленного освобождения журналистки.",
    "Її тримають під вартою без звинувачення.",
    "Ζητήστε την άμεση απελευθέρωσή της.",
    "طالبوا بالإفراج الفوري عنها.",
    "خواهان آزادی فوری او شوید.",
    "דרשו את שחרורה המיידי.",
    "उसकी तुरंत रिहाई की मांग करें।",
    "অবিলম্বে তার মুক্তি দাবি করুন।",
    "அவரை உடனடியாக விடுதலை செய்யுங்கள்.",
    "เรียกร้องให้ปล่อยตัวเธอทันที",
    "សូមដោះលែងនាងភ្លាមៗ។",
    "သူမကို ချက်ချင်း လွှတ်ပေးပါ။",
    "በአስቸኳይ እንድትፈታ ጠይቁ።",
    "მოითხოვეთ მისი დაუყოვნებლივ გათავისუფლება.",
    "그녀의 즉각적인 석방을 요구하세요.",
    "彼女の即時釈放を求めてください。",
    "要求立即释放她。",
    "Onun derhal serbest bırakılmasını isteyin.",
    "Hãy kêu gọi trả tự do cho cô ngay lập tức.",
)
EXTRAS = (
    "#FreeMariam",
    "#HumanRights",
    "#حقوق_الإنسان",
    "#人権",
    "@amnesty",
    "@ministry_of_justice",
    "https://www.amnesty.org/en/documents/mde13/4567/2026/en/",
    "https://example.org/act?ua=119-21&lang=fr",
    "amnesty.org",
    "✊🏾",
    "🙏",
    "❤️",
    "👩🏽‍⚖️",
    "🕯️",
)
HOSTILE: dict[str, Callable[[int], str]] = {
    "'a-' * n + '.com!'": lambda n: "a-" * n + ".com!",
    "'.' * n": lambda n: "." * n,
    "'a.' * n": lambda n: "a." * n,
    "'@' * n": lambda n: "@" * n,
    "'http://' * n": lambda n: "http://" * n,
    "'(' * n": lambda n: "(" * n,
    "'a.com/(' * n": lambda n: "a.com/(" * n,
    "'a.com中_.' * n": lambda n: "a.com中_." * n,
    "'#1' * n": lambda n: "#1" * n,
    "woman + joiner, n times": lambda n: "👩\u200d" * n,
    "two marks, n times": lambda n: "a" + "\u0301\u0316" * n,
}
# Run by the Python of the temporary environment: texts as a JSON array on stdin.
PARSER_PROGRAM = """
import json, sys, time
from twitter_text import parse_tweet
texts = json.load(sys.stdin)
parse_tweet(texts[0])
begin = time.perf_counter()
for text in texts:
    parse_tweet(text)
print((time.perf_counter() - begin) * 1e6 / len(texts))
"""


def posts(count: int, seed: int = 1) -> list[str]:
    """Posts of some 167 code points: sentences of a language or two, tags, names, links."""
    rng = random.Random(seed)
    texts = []
    for _ in range(count):
        languages = rng.choices(SENTENCES, k=2)
        text = ""
        while len(text) < LENGTH - 40:
            text += rng.choice(languages) + " "
        while len(text) < LENGTH - 8:
            text += rng.choice(EXTRAS) + " "
        texts.append(text.strip())
    return texts


def ours(texts: list[str]) -> float:
    best = float("inf")
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        for text in texts:
            x.weighted_length(text)
        best = min(best, time.perf_counter() - begin)
    return best * 1e6 / len(texts)


def npm(texts: list[str]) -> float:
    done = subprocess.run(
        ["node", HERE / "x_counting.mjs"],
        input=json.dumps(texts),
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return float(done.stdout)


def parser(texts: list[str]) -> float:
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = Path(folder) / "bin" / "python"
        install = [python, "-m", "pip", "install", "-q", "setuptools<81", "twitter-text-parser"]
        subprocess.run(install, capture_output=True, check=True)
        done = subprocess.run(
            [python, "-W", "ignore", "-c", PARSER_PROGRAM],
            input=json.dumps(texts),
            capture_output=True,
            encoding="utf-8",
            check=True,
        )
    return float(done.stdout)


def compare(texts: list[str]) -> None:
    mean = sum(map(len, texts)) / len(texts)
    print(f"{len(texts)} posts of {mean:.0f} code points, Python {sys.version.split()[0]}\n")
    # In turns, the best of each: other work on the machine then slows both alike.
    best = [float("inf"), float("inf")]
    for _ in range(TURNS):
        best = [min(best[0], ours(texts)), min(best[1], attempt(npm, texts))]
    print(f"{'':32}{'us a text':>12}{'ratio':>10}")
    for name, us in (
        ("uasocial.text.x", best[0]),
        ("npm twitter-text 3.1.0", best[1]),
        ("PyPI twitter-text-parser", attempt(parser, texts[:1000])),
    ):
        figures = (
            f"{us:12.1f}{us / best[0]:10.1f}" if us < float("inf") else f"{'not available':>22}"
        )
        print(f"{name:32}{figures}")


def attempt(measure: Callable[[list[str]], float], texts: list[str]) -> float:
    """Microseconds a text; infinity when *measure* lacks what it needs."""
    try:
        return measure(texts)
    except (OSError, subprocess.CalledProcessError, ValueError):
        return float("inf")


def seconds(text: str) -> float:
    best = float("inf")
    for _ in range(3):
        begin = time.perf_counter()
        for count in (x.weighted_length, x.urls, x.hashtags, x.mentions, x.cashtags):
            count(text)
        best = min(best, time.perf_counter() - begin)
    return best


def grow() -> None:
    print(f"\n{'length and all entities':32}{'n=20000 ms':>12}{'2n ms':>10}{'ratio':>8}")
    for name, text in HOSTILE.items():
        once, twice = seconds(text(20_000)), seconds(text(40_000))
        print(f"{name:32}{once * 1e3:12.1f}{twice * 1e3:10.1f}{twice / once:8.2f}")


if __name__ == "__main__":
    compare(posts(COUNT))
    grow()
