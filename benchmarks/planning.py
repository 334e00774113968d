"""Plans a second: posts rendered, checked and written, against bare Jinja2 and bare inserts.

    .venv/bin/python benchmarks/planning.py [--accounts 200] [--rounds 5] [--profile]

A plan is built and put on a new ledger as `uasocial plan --yes` does. Bare is one process that is
told beforehand what to do: Jinja2 renders as many of the same templates with values that are plain
texts, and `sqlite3` commits the rows that the plan has written, in one transaction. An SQLite
ledger, with `synchronous=FULL`, for both.
"""

import argparse
import cProfile
import pstats
import sqlite3
import statistics
import tempfile
import time
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from jinja2 import Environment

from uasocial import accounts
from uasocial.outbox.ledger import Ledger
from uasocial.outbox.opening import open_ledger
from uasocial.outbox.tables import deliveries, posts, records
from uasocial.planning.cadences import Cadence
from uasocial.settings import find_project
from uasocial.team import scheduling
from uasocial.testing.clock import Clock
from uasocial.toolkit import Toolkit

NOW = datetime(2026, 1, 20, 8, tzinfo=ZoneInfo("Europe/Zurich"))
WORDINGS = 12
CADENCE = Cadence(days=(0,), every=2)
ACCOUNT = """
[accounts.account-{number}]
platform = "mastodon"
language = "en"
kind = "console"
"""
ACTION = """\
number: UA 901/26
countries: [CH]
active_since: 2026-01-15
deadline: 2026-02-10
preferred_languages: [en]
time_zone: Europe/Zurich
link: {en: https://example.org/901}
hashtags: {country: Mill}
targets:
  - id: keeper
    office: {en: Keeper of the Mill}
    country: CH
    holders: [{name: Ada Mill, handles: {mastodon: "ada@social.example"}}]
"""
ENGLISH = """\
title: Let the mill turn
lead: The miller was told to stop his mill, and nobody told him why.
posts:
"""
TEMPLATE = (
    "{number}: {{{{ country | hashtag }}}}: {{{{ lead }}}} Ask {{{{ target | mention }}}} to let "
    "the mill turn, by {{{{ action | last_day }}}}. {{{{ action | link }}}}"
)
VALUES = {
    "country": "#Mill",
    "lead": "The miller was told to stop his mill, and nobody told him why.",
    "target": "@ada@social.example",
    "last_day": "9 February 2026",
    "link": "https://example.org/901",
}


def project(folder: Path, count: int) -> Path:
    """Write a project with a case of twelve wordings, and so many accounts."""
    case = folder / "actions" / "mill"
    case.mkdir(parents=True)
    stated = "".join(ACCOUNT.format(number=number) for number in range(count))
    (folder / "uasocial.toml").write_text(f'time_zone = "Europe/Zurich"\n{stated}')
    (case / "action.yaml").write_text(ACTION)
    lines = [
        f"  - id: wording-{number}\n    template: '{TEMPLATE.format(number=number)}'\n"
        for number in range(WORDINGS)
    ]
    (case / "en.yaml").write_text(ENGLISH + "".join(lines))
    return folder


def plan(root: Path, file: Path) -> tuple[float, float, Ledger]:
    """Return the seconds to build a plan and to put it on a new ledger, and that ledger."""
    open_ledger(str(file)).close()
    ledger = Ledger(f"sqlite:///{file}", clock=Clock(NOW))
    start = time.perf_counter()
    kit = Toolkit(find_project(str(root)), NOW, actual=NOW)
    wish = scheduling.Wish(kit.action("mill"), "steady", CADENCE, "Ana")
    found = scheduling.fresh(kit, ledger, accounts.accounts(kit), wish)
    built = time.perf_counter()
    scheduling.put(kit, ledger, found, wish)
    return built - start, time.perf_counter() - built, ledger


def rows_of(ledger: Ledger) -> list[tuple[str, list[tuple]]]:
    """Return the statements and the rows that a plan has written, as the driver takes them."""
    found = []
    with sqlite3.connect(ledger.file) as driver:
        for table in (posts, deliveries, records):
            rows = driver.execute(f"SELECT * FROM {table.name}").fetchall()
            marks = ", ".join("?" * len(table.c))
            found.append((f"INSERT INTO {table.name} VALUES ({marks})", rows))
    return found


def bare(file: Path, names: list[dict], rows: list[tuple[str, list[tuple]]], count: int) -> float:
    """Return the seconds in which Jinja2 renders as many texts and the driver commits the rows."""
    open_ledger(str(file)).close()
    source = (
        "{{ number }}: {{ country }}: {{ lead }} Ask {{ target }} to let the mill turn, by "
        "{{ last_day }}. {{ link }}"
    )
    driver = sqlite3.connect(file, isolation_level=None)
    driver.execute("PRAGMA journal_mode=WAL")
    driver.execute("PRAGMA synchronous=FULL")
    columns = ", ".join(names[0])
    marks = ", ".join("?" * len(names[0]))
    insert = f"INSERT INTO accounts ({columns}) VALUES ({marks})"
    driver.executemany(insert, [tuple(row.values()) for row in names])
    start = time.perf_counter()
    environment = Environment()
    templates = [environment.from_string(source) for _ in range(WORDINGS)]
    for number in range(count):
        templates[number % WORDINGS].render(number=number, **VALUES)
    driver.execute("BEGIN IMMEDIATE")
    for statement, values in rows:
        driver.executemany(statement, values)
    driver.execute("COMMIT")
    spent = time.perf_counter() - start
    driver.close()
    return spent


def compare(count: int, rounds: int) -> None:
    ratios, building, putting, alone, planned = [], [], [], [], 0
    for _ in range(rounds + 1):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            root = project(folder / "section", count)
            built, put, ledger = plan(root, folder / "ours.db")
            rows = rows_of(ledger)
            planned = len(rows[0][1])
            with ledger.read() as connection:
                query = sa.text("SELECT name, platform, kind, language, mode FROM accounts")
                names = [dict(row) for row in connection.execute(query).mappings()]
            spent = bare(folder / "bare.db", names, rows, planned)
            ledger.close()
        building.append(built)
        putting.append(put)
        alone.append(spent)
        ratios.append((built + put) / spent)
    # The first round pays for what is loaded.
    ours = statistics.median(b + p for b, p in zip(building[1:], putting[1:], strict=True))
    print(f"{planned} posts on {count} accounts")
    print(f"  {'posts a second':<34}{planned / ours:>10,.0f}")
    print(f"  {'of it, to build: ms a post':<34}{_each(building, planned):>10.2f}")
    print(f"  {'to put on the ledger: ms a post':<34}{_each(putting, planned):>10.2f}")
    print(f"  {'bare, posts a second':<34}{planned / statistics.median(alone[1:]):>10,.0f}")
    print(f"  {'times bare':<34}{statistics.median(ratios[1:]):>10.1f}")


def _each(seconds: list[float], planned: int) -> float:
    return statistics.median(seconds[1:]) / planned * 1000


def profile(count: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        root = project(folder / "section", count)
        profiler = cProfile.Profile()
        profiler.runcall(plan, root, folder / "ours.db")
        pstats.Stats(profiler).sort_stats("cumulative").print_stats(60)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--accounts", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--profile", action="store_true")
    options = parser.parse_args()
    if options.profile:
        profile(options.accounts)
    else:
        compare(options.accounts, options.rounds)


if __name__ == "__main__":
    main()
