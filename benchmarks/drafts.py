"""Drafts a second, against bare Jinja2 that renders the same templates.

    .venv/bin/python benchmarks/drafts.py [--rounds 15]

A draft is rendered, measured, fitted, checked, and has its share address. Bare Jinja2 renders the
same templates, once for each draft, and does nothing else: first with values that are plain texts
already, then with filters that ask Babel each time, as one would write them. All have compiled
their templates before; each round begins with a new toolkit, so that nothing is kept of the last.
"""

import argparse
import gc
import statistics
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import jinja2
from babel import Locale
from babel.dates import format_date, format_timedelta

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

    def __init__(self, platforms: list[str]) -> None:
        self.kit = Toolkit(find_project(), MOMENT, rehearsal=True)
        self.actions = [self.kit.action(name) for name in CASES]
        self.platforms = self.kit.choose(platforms)
        self.work = list(self._prepared(asking=False))
        self.asking = list(self._prepared(asking=True))

    def _prepared(self, *, asking):
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
                                yield _bare(action, language, wording, asking), values

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

    def bare_asking(self) -> int:
        for template, values in self.asking:
            template.render(values)
        return len(self.asking)


def _asking(action, language):
    """Return filters that ask Babel each time they are called."""
    facts = action.facts
    locale = Locale.parse("en_001" if language == "en" else language)
    days = timedelta(days=facts.days_left(MOMENT.date()))
    return {
        "deadline": lambda _: format_date(facts.deadline, "long", locale=locale),
        "last_day": lambda _: format_date(facts.last_day, "long", locale=locale),
        "days_left": lambda _: format_timedelta(days, "day", threshold=1e9, locale=locale),
    }


def _bare(action, language, wording, asking, _known={}):  # noqa: B006 - kept for the whole run
    """Compile what *wording* was compiled from in a plain environment, once."""
    key = (language, wording.source, wording.line, asking)
    if key not in _known:
        environment = jinja2.Environment(
            undefined=jinja2.StrictUndefined, extensions=[OptionalTag], autoescape=False
        )
        environment.filters = {**Environment().filters, **filters_for(language)}
        if asking:
            environment.filters |= _asking(action, language)
        posts = {post.id: post.template for post in action.words[language].posts}
        source = posts.get(wording.id) or Path(wording.source).read_text(encoding="utf-8")
        _known[key] = environment.from_string(source)
    return _known[key]


def rate(work) -> float:
    # As `timeit` does: what was made before is not to be searched for garbage now.
    gc.collect()
    gc.disable()
    start = time.perf_counter()
    count = work()
    spent = time.perf_counter() - start
    gc.enable()
    return count / spent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    for platforms, name in (
        ([], "the eight platforms of `share`"),
        (["all"], "all platforms, as `preview`"),
    ):
        print(name)
        compare(platforms, options.rounds)


def compare(platforms: list[str], rounds: int) -> None:
    rows = []
    for _ in range(rounds + 1):
        now = Round(platforms)
        rows.append((rate(now.drafts), rate(now.bare), rate(now.bare_asking)))
    del rows[0]
    print(f"  {'':<42} {'a second':>9} {'drafts / it':>12}")
    names = ("drafts, whole", "bare Jinja2, values ready", "bare Jinja2, filters that ask Babel")
    for column, name in enumerate(names):
        ratio = statistics.median(row[0] / row[column] for row in rows)
        median = statistics.median(row[column] for row in rows)
        print(f"  {name:<42} {median:>9,.0f} {ratio:>12.2f}")


if __name__ == "__main__":
    main()
