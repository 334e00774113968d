"""`uasocial init`: a project of one's own, with an example to change."""

import os
import shutil
import tempfile
from pathlib import Path

import click

from uasocial.errors import UasocialError

EXAMPLE = "school-in-the-hills"

SETTINGS = """\
# The settings of this project; nothing here is secret.

organisation = ""             # how texts name it, where a case allows that
# time_zone = "Europe/Zurich" # deadlines end when the day ends there, or at the target's if earlier
# instance = "mastodon.social"  # the Mastodon server that `share` opens

# The platforms that `share` and `check` take when none is named.
platforms = ["x", "mastodon", "bluesky", "threads", "telegram", "whatsapp", "facebook", "linkedin"]

# What is known of a Mastodon server: GET /api/v2/instance, configuration.statuses.
# [instances."mastodon.social"]
# max_characters = 500
# characters_reserved_per_url = 23

# An account to publish from. Its token, if it needs one, stands in the environment or the keyring.
# [accounts.rehearsal]
# platform = "mastodon"
# language = "en"
# kind = "console"              # prints, publishes nowhere
# gap = "10m"                   # between two posts
# approval = "required"         # `publish` only proposes

# [accounts.our-x]
# platform = "x"
# language = "en"
# mode = "by hand"              # a person posts, then says `uasocial posted`

# [ledger]
# url = "sqlite:///ledger.db"   # on a disk of this machine; keep it out of version control

# A cadence of your own, for `uasocial plan ACTION --cadence evenings`.
# [cadences.evenings]
# days = [1, 4]                 # counted from the first, which is 0
# clocks = ["evening"]          # or "office": the target's
# reminders = [3]               # days before the deadline

# Who may do what; without a name here everybody may do everything, but approve what is theirs.
# [people."Dalia Torvane"]
# may = ["write", "approve", "stop"]
# reads = "en"                  # what `approve` shows beside each post

# [team]
# approval = "none"             # of plans; otherwise a second person must agree

# Settings of the plugins that send notices; the addresses: `uasocial accounts notices`.
# [notices]
# language = "en"

# The pages that supporters share from: `uasocial serve`, `uasocial site build public`.
# [site]
# url = "https://act.example.org"
# name = "Write for them"
# languages = ["en", "de"]
# platforms = ["bluesky", "mastodon", "whatsapp", "telegram"]
# accent = "#0b5d57"
# contact = "actions@example.org"

# A program that is run after something has happened to an action.
# [after]
# command = ["uasocial", "site", "build", "public"]
# on = ["stop", "withdraw", "update", "close"]
"""


@click.command("init")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--empty", is_flag=True, help="Leave the example case out.")
def command(folder: Path, empty: bool) -> None:
    """Make a project in FOLDER: settings, an example case, a place for templates."""
    from uasocial.settings import FILE

    if (folder / FILE).exists():
        raise UasocialError(f"{folder}: is a project already, it has a {FILE}")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UasocialError(f"{folder}: is not empty; name a new folder")
    try:
        _make(folder, empty=empty)
    except OSError as error:
        raise UasocialError(f"{folder}: cannot be made: {error.strerror}") from None
    click.echo(f"{folder} is ready. Next: uasocial --project {folder} list")


def _make(folder: Path, *, empty: bool) -> None:
    """Make the project beside its place and move it there: whole, or not at all."""
    from uasocial.settings import FILE, packaged

    folder.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=".uasocial-", dir=folder.parent))
    try:
        (work / FILE).write_text(SETTINGS, encoding="utf-8")
        (work / "templates").mkdir()
        (work / "actions").mkdir()
        shutil.copytree(packaged("schemas"), work / "schemas")
        if not empty:
            shutil.copytree(packaged("actions") / EXAMPLE, work / "actions" / EXAMPLE)
        work.chmod(0o777 & ~_umask())
        if folder.is_dir():
            # Empty, and perhaps the folder one stands in, which cannot be replaced.
            for made in work.iterdir():
                made.replace(folder / made.name)
            work.rmdir()
        else:
            work.replace(folder)
    except BaseException:
        shutil.rmtree(work, ignore_errors=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
