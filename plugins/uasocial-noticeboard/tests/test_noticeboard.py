"""The tutorial's plugin is installed, listed, and works as any platform does."""

from datetime import datetime
from urllib.parse import unquote

import pytest

from uasocial.settings import Project, Settings
from uasocial.toolkit import Toolkit


@pytest.fixture
def kit() -> Toolkit:
    return Toolkit(Project(None, Settings()), datetime.fromisoformat("2021-12-01T12:00+00:00"))


def test_it_is_listed_without_a_fault(kit: Toolkit) -> None:
    assert "noticeboard" in kit.platforms
    (listed,) = (plugin for plugin in kit.host.listed if plugin.name == "noticeboard")
    assert (listed.source, listed.error) == ("uasocial-noticeboard", "")


def test_it_counts_characters_as_people_see_them(kit: Toolkit) -> None:
    board = kit.platform("noticeboard")
    family = "\N{MAN}\N{ZERO WIDTH JOINER}\N{WOMAN}\N{ZERO WIDTH JOINER}\N{GIRL}"
    assert kit.measure(board, family * 140).fits
    assert not kit.measure(board, family * 141).fits


def test_a_draft_that_fits_has_an_address_that_holds_it_and_another_has_none(kit: Toolkit) -> None:
    board = kit.platform("noticeboard")
    fits = set()
    for name in ("ua-119-21", "school-in-the-hills"):
        action = kit.action(name)
        for draft in kit.share(action, list(action.words), [board], "appeal"):
            fits.add(draft.fits)
            assert draft.fits == (draft.share_url is not None)
            if draft.share_url:
                address, _, text = draft.share_url.partition("?text=")
                assert (address, unquote(text)) == ("https://noticeboard.example/new", draft.text)
    assert fits == {True, False}
