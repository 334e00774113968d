"""A package for one more network, begun: a publisher, a fake server, and tests that pass."""

import os
import re
import shutil
import tempfile
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from uasocial.errors import UasocialError, printable
from uasocial.platforms.builtin import PLATFORMS
from uasocial.platforms.limits import Limits
from uasocial.platforms.pictures import picture_limits

__all__ = ["begin"]

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
LONGEST = 20
# The packages that are there already.
OURS = ("apprise", "bluesky", "console", "mastodon", "nostr", "telegram", "x")
# What a network takes of which nothing is known yet.
USUAL, PICTURES = Limits(500, "code-points"), 4
SUFFIX = ".j2"


def begin(name: str, into: Path) -> Path:
    """Make the folder `uasocial-NAME` in *into* and return it: whole, or not at all."""
    _assert_name(name)
    folder = into / f"uasocial-{name}"
    if folder.exists() or folder.is_symlink():
        raise UasocialError(printable(f"{folder}: is there already, and stays as it is"))
    try:
        _make(folder, _values(name))
    except OSError as error:
        raise UasocialError(printable(f"{folder}: cannot be made: {error.strerror}")) from None
    return folder


def _assert_name(name: str) -> None:
    if not _NAME.fullmatch(name) or len(name) > LONGEST:
        raise UasocialError(
            f"{printable(name)[:60]!r} is no name of a package: small letters and digits, with - "
            f"between them, at most {LONGEST}"
        )
    if name in OURS:
        raise UasocialError(f"uasocial-{name} is there already: pip install uasocial-{name}")


def _values(name: str) -> dict[str, object]:
    """Return what the files are filled in with."""
    plain = name.replace("-", "_")
    known = next((platform for platform in PLATFORMS if platform.name == plain), None)
    limits = known.default if known else USUAL
    pictures = picture_limits(plain)
    return {
        "name": name,
        "plain": plain,
        "package": f"uasocial_{plain}",
        "constant": plain.upper(),
        "kind": "".join(part.capitalize() for part in name.split("-")),
        "label": " ".join(part.capitalize() for part in name.split("-")),
        "has_platform": known is not None,
        "length": limits.length,
        "rule": limits.rule,
        "pictures": min(PICTURES, pictures.count),
        "alt": pictures.alt,
    }


def _make(folder: Path, values: dict[str, object]) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=".uasocial-", dir=folder.parent))
    try:
        _write(resources.files(__name__) / "files", work, values)
        work.chmod(0o777 & ~_umask())
        work.rename(folder)
    except BaseException:
        shutil.rmtree(work, ignore_errors=True)
        raise


def _write(source: Traversable, into: Path, values: dict[str, object]) -> None:
    """Fill in each file of *source*; PACKAGE and NAME in a path are the package's own."""
    from jinja2 import Environment, StrictUndefined  # noqa: PLC0415 - only who begins one

    # What comes out is source, and no page.
    environment = Environment(
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701
    )
    for entry in source.iterdir():
        named = entry.name.replace("PACKAGE", f"{values['package']}")
        target = into / named.replace("NAME", f"{values['plain']}").removesuffix(SUFFIX)
        if entry.is_dir():
            target.mkdir()
            _write(entry, target, values)
        elif entry.name.endswith(SUFFIX):
            text = environment.from_string(entry.read_text(encoding="utf-8")).render(values)
            target.write_text(text, encoding="utf-8")


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
