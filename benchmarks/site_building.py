"""The pages for supporters: building many, building again after one change, and how heavy one is.

    .venv/bin/python benchmarks/site_building.py [--cases 1000]

A case is the sample ua-119-21 in its four languages, under a number of its own. CPU time of one
process. Bare Jinja2 renders the same templates with the same values, gathered beforehand, and does
nothing else: no reading, checking, measuring, no feed, picture, letter or pack.
"""

import argparse
import gzip
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from checking import write

from uasocial.settings import find_project, packaged
from uasocial.site.building import build
from uasocial.site.contents import Site
from uasocial.site.looking import Kit
from uasocial.site.pages import Pages

MOMENT = datetime(2021, 12, 1, 12, tzinfo=UTC)
BASE = "https://act.example.org/"
# So many cases are enough to time bare Jinja2, and few enough to hold all their values.
BARE = 25


def site_of(project: Path) -> Site:
    kit = Kit(find_project(str(project)), MOMENT, rehearsal=True, actual=datetime.now(UTC))
    return Site(kit, BASE)


def seconds(work: Callable[[], Any]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def bare(project: Path) -> tuple[float, float, int]:
    """Return the seconds of a page by bare Jinja2, of one by the site, and how many there were."""
    given: list[tuple[str, dict[str, Any]]] = []

    class Noting(Pages):
        def render(self, name: str, **values: Any) -> bytes:
            given.append((name, values))
            return super().render(name, **values)

    site = site_of(project)
    site.pages = Noting()
    names = site.kit.action_ids()[:BARE]

    def all_pages() -> None:
        for name in names:
            card = site.look_at(name).card
            for one in site.of_case(card):
                if one.path.endswith(".html"):
                    one.make()

    ours = seconds(all_pages)
    environment = Pages().environment
    templates = {name: environment.get_template(name) for name, _ in given}
    for template in templates.values():
        template.render(**next(v for n, v in given if templates[n] is template))
    theirs = seconds(lambda: [templates[name].render(**values) for name, values in given])
    return theirs / len(given), ours / len(given), len(given)


def weight(out: Path) -> dict[str, int]:
    """Return the compressed bytes that a first visit to the heaviest page of a case loads."""
    pages = [len(gzip.compress(p.read_bytes(), 9)) for p in out.glob("a/*/*/index.html")]
    found = {"its page": max(pages)}
    for kind, pattern in (("styles", "site.*.css"), ("script", "site.*.js")):
        (path,) = (out / "static").glob(pattern)
        found[kind] = len(gzip.compress(path.read_bytes(), 9))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", type=int, default=1000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        project, out = Path(folder, "project"), Path(folder, "out")
        paths = (packaged("actions") / "ua-119-21").glob("*.yaml")
        sample = {path.name: path.read_text("utf-8") for path in paths}
        write(project, sample, options.cases)
        theirs, ours, count = bare(project)
        print(f"{count} pages of {BARE} cases: bare Jinja2 {1 / theirs:,.0f} a second,")
        print(f"  ours with reading, drafts and letters {1 / ours:,.0f}; {ours / theirs:.1f} times")
        built = {}
        first = seconds(lambda: built.update(first=build(site_of(project), out)))
        pages = built["first"].pages
        files = len(built["first"].made)
        print(f"{options.cases:,} cases: {pages:,} pages, {files:,} files in all, {first:.0f} s,")
        print(
            f"  {pages / first:,.0f} pages a second; {first / pages / theirs:.1f} times bare Jinja2"
        )
        same = seconds(lambda: built.update(same=build(site_of(project), out)))
        changed = project / "actions" / "ua-7-21" / "en.yaml"
        text = changed.read_text("utf-8").replace("need protection", "now need protection")
        changed.write_text(text, "utf-8")
        again = seconds(lambda: built.update(again=build(site_of(project), out)))
        print(f"built again: nothing changed {same:.2f} s, {len(built['same'].made)} files made;")
        cases = {path for path in built["again"].made if path.startswith("a/")}
        lists = len(built["again"].made) - len(cases)
        print(
            f"  one title {again:.2f} s, {len(cases)} files of its case and {lists} lists and feeds"
        )
        print(f"  {first / again:.0f} times quicker than all of it")
        loaded = weight(out)
        said = ", ".join(f"{kind} {size / 1000:.1f} kB" for kind, size in loaded.items())
        print(f"a first visit, compressed: {said}; {sum(loaded.values()) / 1000:.1f} kB in all")


if __name__ == "__main__":
    main()
