"""Drafts a second, against bare Jinja2 that renders the same templates.

    .venv/bin/python benchmarks/drafts.py [--rounds 15]

A draft is rendered, measured, fitted, checked, and has its share address. Bare Jinja2 renders the
same templates with the same values, once for each draft, and does nothing else. Both have compiled
their templates before; each round begins with a new toolkit, so that nothing is kept of the last.
"""

import argparse
import statistics
import time
from datetime import UTC, datetime
from pathlib import Path

import jinja2

from uasocial.model import OCCASIONS
from uasocial.settings import find_project
from uasocial.toolkit import Toolkit
from uasocial.words.environment import Environment
from uasocial.words.filters import filters_for
from uasocial.words.optional import OptionalTag
from uasocial.words.views import context_for

MOMENT = datetime(2021, 12, 1, 12, tzinfo=UTC)
CASES = ("ua-119-21", "school-in-the-hills")


class Round:
    """A new toolkit, its templates compiled, and the same work for bare Jinja2."""

    def __init__(self) -> None:
        self.kit = Toolkit(find_project(), MOMENT, rehearsal=True)
        self.actions = [self.kit.action(name) for name in CASES]
        self.platforms = self.kit.choose([])
        self.work = list(self._prepared())

    def _prepared(self):
        """Yield (template, values) for each draft that comes from a template."""
        for action in self.actions:
            for language in action.words:
                for platform in self.platforms:
                    values = context_for(action, language, platform.handles, MOMENT.date())
                    for occasion in OCCASIONS:
                        for wording in self.kit.wordings.find(
                            action, language, platform.name, occasion
                        ):
                            if wording.template:
                                yield _bare(action, language, wording), values

    def drafts(self) -> int:
        return sum(
            1
            for action in self.actions
            for occasion in OCCASIONS
            for _ in self.kit.drafts(action, action.words, self.platforms, occasion)
        )

    def bare(self) -> int:
        for template, values in self.work:
            template.render(values)
        return len(self.work)


def _bare(action, language, wording, _known={}):  # noqa: B006 - a cache for the whole run
    """Compile what *wording* was compiled from in a plain environment, once."""
    key = (language, wording.source, wording.line)
    if key not in _known:
        environment = jinja2.Environment(
            undefined=jinja2.StrictUndefined, extensions=[OptionalTag], autoescape=False
        )
        environment.filters = {**Environment().filters, **filters_for(language)}
        posts = {post.id: post.template for post in action.words[language].posts}
        source = posts.get(wording.id) or Path(wording.source).read_text(encoding="utf-8")
        _known[key] = environment.from_string(source)
    return _known[key]


def rate(work) -> float:
    start = time.perf_counter()
    count = work()
    return count / (time.perf_counter() - start)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    rows = []
    for _ in range(options.rounds + 1):
        now = Round()
        rows.append((rate(now.drafts), rate(now.bare)))
    del rows[0]
    drafts, bare = (statistics.median(column) for column in zip(*rows, strict=True))
    ratio = statistics.median(a / b for a, b in rows)
    print(f"{'':<28} {'a second':>10}")
    print(f"{'drafts, whole':<28} {drafts:>10,.0f}")
    print(f"{'bare Jinja2, rendered':<28} {bare:>10,.0f}")
    print(f"{'ratio, median of rounds':<28} {ratio:>10.2f}")


if __name__ == "__main__":
    main()
