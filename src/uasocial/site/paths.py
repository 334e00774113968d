"""Where each file of the site lies, relative to its root.

All of a case lies in one folder, as it does in a project: what is withdrawn goes as a whole.
"""

from urllib.parse import quote

__all__ = [
    "INDEX",
    "NOT_FOUND",
    "ROBOTS",
    "ROOT",
    "SITEMAP",
    "archive",
    "case_file",
    "feed",
    "index",
    "link",
    "narrowed",
    "numbered",
    "page",
    "page_file",
    "public",
    "short",
]

INDEX = "index.html"
ROOT = INDEX
NOT_FOUND = "404.html"
ROBOTS = "robots.txt"
SITEMAP = "sitemap.xml"


def index(interface: str) -> str:
    """Return the open actions, in a language of the interface."""
    return f"{interface}/{INDEX}"


def narrowed(interface: str, by: str, value: str) -> str:
    """Return the open actions of one `country` or `language`, or `until` a month."""
    return f"{interface}/{by}/{value.lower()}/{INDEX}"


def archive(interface: str, year: int | None = None) -> str:
    """Return the closed actions: the years, or those of one."""
    return f"{interface}/archive/{INDEX}" if year is None else f"{interface}/archive/{year}/{INDEX}"


def numbered(first: str, number: int) -> str:
    """Return a page of a list, by its number and by where the *first* one lies."""
    return first if number == 1 else f"{first.removesuffix(INDEX)}page/{number}/{INDEX}"


def feed(interface: str, ending: str) -> str:
    """Return the news of all actions, as `atom` or `json`."""
    return f"{interface}/feed.{ending}"


def case_file(action: str, name: str) -> str:
    """Return a file of a case that is the same in every language."""
    return f"a/{action}/{name}"


def short(action: str) -> str:
    """Return the short address of a case, where its languages are listed."""
    return case_file(action, INDEX)


def page(action: str, language: str) -> str:
    """Return the page of a case in a language."""
    return page_file(action, language, INDEX)


def page_file(action: str, language: str, name: str) -> str:
    """Return a file beside the page of a case in a language."""
    return case_file(action, f"{language}/{name}")


def link(at: str, to: str) -> str:
    """Return the way from the page *at* to the file *to*; it holds on a host and on a disk."""
    # Not posixpath.relpath: a list has many links, and it asks for the current folder at each.
    start, goal = at.split("/")[:-1], to.split("/")
    shared = next(
        (n for n, (one, other) in enumerate(zip(start, goal, strict=False)) if one != other),
        min(len(start), len(goal)),
    )
    return quote("/".join([".."] * (len(start) - shared) + goal[shared:])) or "."


def public(base: str, path: str) -> str:
    """Return the whole address of a file under *base*, which ends with a slash.

    A host answers a folder with its index, so that the name of the index is left out.
    """
    folder, _, name = path.rpartition("/")
    within = quote(f"{folder}/") if folder else ""
    return f"{base}{within}" if name == INDEX else f"{base}{within}{quote(name)}"
