"""A publisher that a plugin registers is held to its shape, and one that is wrong is left out."""

import pytest

from uasocial.platforms.publisher import PublisherKind
from uasocial.platforms.publishers import collect_publishers
from uasocial.plugins import PluginHost, hookimpl


def nothing(*_: object) -> None:
    """Open, authorize or price nothing."""


def kind(**given: object) -> PublisherKind:
    return PublisherKind(**{"name": "wire", "platform": "x", "open": nothing, **given})


def collected(*kinds: object) -> tuple[list[str], str]:
    """Return the names that are taken, and what is wrong with the plugin of *kinds*."""

    class Plugin:
        @hookimpl
        def register_publishers(self) -> list[object]:
            return list(kinds)

    host = PluginHost()
    host._manager.register(Plugin(), name="wires")
    host._listed["wires"] = type("Listed", (), {"error": ""})()
    found = collect_publishers(host, ["x", "mastodon"])
    return list(found), host._listed["wires"].error


FINE = {
    "least": {},
    "any platform": {"platform": ""},
    "no pictures": {"media": 0},
    "four pictures": {"media": 4},
    "all": {
        "settings": ("server",),
        "optional": ("colour",),
        "secrets": ("token",),
        "can_delete": True,
        "can_edit": True,
        "can_resolve": True,
        "can_thread": True,
        "media": 1,
        "authorize": nothing,
        "price": nothing,
    },
}


@pytest.mark.parametrize("name", FINE)
def test_a_kind_that_is_in_shape_is_taken(name):
    assert collected(kind(**FINE[name])) == (["wire"], "")


WRONG = {
    "name": ({"name": "Wire"}, "must have a name of small letters"),
    "platform": ({"platform": "mastodn"}, "there is none; did you mean 'mastodon'?"),
    "open": ({"open": None}, "has no function that opens an account"),
    "settings": ({"settings": ["server"]}, "must name its settings and secrets"),
    "a setting": ({"settings": ("Server",)}, "must name its settings and secrets"),
    "optional": ({"optional": "colour"}, "must name its settings and secrets"),
    "secrets": ({"secrets": (3,)}, "must name its settings and secrets"),
    "a secret setting": ({"settings": ("a",), "secrets": ("a",)}, "names 'a' twice"),
    "a needed option": ({"settings": ("a",), "optional": ("a",)}, "names 'a' twice"),
    "an open secret": ({"optional": ("a",), "secrets": ("a",)}, "names 'a' twice"),
    "the same twice": ({"settings": ("a", "a")}, "names 'a' twice"),
    "delete": ({"can_delete": "yes"}, "does not say whether it can delete"),
    "edit": ({"can_edit": None}, "does not say whether it can edit"),
    "resolve": ({"can_resolve": 1}, "does not say whether it can resolve"),
    "thread": ({"can_thread": "no"}, "does not say whether it can thread"),
    "pictures": ({"media": -1}, "how many pictures"),
    "half a picture": ({"media": 0.5}, "how many pictures"),
    "a picture, truly": ({"media": True}, "how many pictures"),
    "authorize": ({"authorize": "yes"}, "has authorize that is no function"),
    "price": ({"price": 0.2}, "has price that is no function"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_kind_that_is_wrong_is_told_and_its_plugin_left_out(name):
    given, sentence = WRONG[name]
    names, error = collected(kind(), kind(**{"name": "second", **given}))
    assert names == []
    assert sentence in error


def test_what_is_no_kind_and_a_name_that_is_taken_are_told():
    assert "'str', which is no PublisherKind" in collected("wire")[1]
    assert "'wire' is there already" in collected(kind(), kind())[1]
