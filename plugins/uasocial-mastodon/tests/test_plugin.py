"""The package is a plugin: found, listed, and without its library until an account is opened."""

import subprocess
import sys

import pytest

from uasocial.errors import SettingsError
from uasocial.keeping import Keeping
from uasocial_mastodon import MASTODON, PIXELFED, register_publishers
from uasocial_mastodon.options import options_of


def test_importing_it_imports_no_library_of_the_network() -> None:
    said = (
        "import sys, uasocial_mastodon; uasocial_mastodon.register_publishers();"
        "print({'mastodon', 'requests', 'urllib3', 'selectolax'} & set(sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "set()"


def test_there_is_one_kind_for_each_platform() -> None:
    assert register_publishers() == [MASTODON, PIXELFED]
    assert [(kind.name, kind.platform) for kind in register_publishers()] == [
        ("mastodon", "mastodon"),
        ("pixelfed", "pixelfed"),
    ]


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"instance": "http://mastodon.example"}, "mastodon.example"),
        ({"instance": "mastodon.example/@ours"}, "is no server"),
        ({"instance": "me@mastodon.example"}, "is no server"),
        ({"instance": "mastodon.example:port"}, "is no server"),
        ({"instance": ""}, "is no server"),
        ({"instance": "mastodon.example", "visibility": "secret"}, "one of public, unlisted"),
        ({"instance": "mastodon.example", "sensitive": "maybe"}, "neither yes nor no"),
    ],
)
def test_a_setting_that_is_none_is_told_before_anything_is_asked(
    settings: dict[str, str], told: str
) -> None:
    with pytest.raises(SettingsError, match=told):
        MASTODON.open(settings, Keeping("mastodon", "ours", {"access_token": "t"}))


@pytest.mark.parametrize(
    ("instance", "base"),
    [
        ("mastodon.example", "https://mastodon.example"),
        ("https://Mastodon.Example/", "https://mastodon.example"),
        ("mastodon.example:8443", "https://mastodon.example:8443"),
        ("mästodon.example", "https://xn--mstodon-5wa.example"),
        ("http://127.0.0.1:3000", "http://127.0.0.1:3000"),
        ("http://[::1]:3000", "http://[::1]:3000"),
    ],
)
def test_a_server_may_be_named_with_its_scheme_and_its_port(instance: str, base: str) -> None:
    """In the clear only on this machine."""
    assert options_of({"instance": instance}).base == base
