"""What the package costs whoever has it installed, and what it says of itself."""

import subprocess
import sys

from uasocial.platforms.publisher import Publisher
from uasocial.plugins import API_VERSION
from uasocial_bluesky import BLUESKY, UASOCIAL_API, register_publishers


def test_to_list_the_publisher_imports_no_client_library() -> None:
    code = (
        "import sys, uasocial_bluesky; uasocial_bluesky.register_publishers();"
        "print(*[name for name in sys.modules if name.partition('.')[0] in "
        "{'atproto', 'atproto_client', 'atproto_core', 'httpx', 'pydantic'}])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_it_is_written_for_the_hooks_as_they_are() -> None:
    assert UASOCIAL_API == API_VERSION


def test_it_says_what_bluesky_can_do() -> None:
    assert list(register_publishers()) == [BLUESKY]
    assert (BLUESKY.can_delete, BLUESKY.can_resolve, BLUESKY.can_thread) == (True, True, True)
    assert not BLUESKY.can_edit


def test_a_late_request_has_landed_before_it_is_looked_up() -> None:
    """What is found absent may be stopped by then, and would be live all the same."""
    from uasocial_bluesky.publisher import Bluesky  # noqa: PLC0415 - it takes a second

    assert Bluesky.settle >= Publisher.settle
