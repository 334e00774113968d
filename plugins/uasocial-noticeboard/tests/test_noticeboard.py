"""The tutorial's plugin is installed, listed, and works as any platform does."""

from datetime import datetime

import pytest

from uasocial.settings import Project, Settings
from uasocial.toolkit import Toolkit


@pytest.fixture
def kit():
    return Toolkit(Project(None, Settings()), datetime.fromisoformat("2021-12-01T12:00+00:00"))


def test_it_is_listed_without_a_fault(kit):
    (listed,) = (p for p in kit.host.listed if p.name == "noticeboard")
    assert kit.platforms
    assert (listed.source, listed.error) == ("uasocial-noticeboard", "")


def test_it_counts_characters_as_people_see_them(kit):
    board = kit.platform("noticeboard")
    family = "\N{MAN}\N{ZERO WIDTH JOINER}\N{WOMAN}\N{ZERO WIDTH JOINER}\N{GIRL}"
    assert kit.measure(board, family * 140).fits
    assert not kit.measure(board, family * 141).fits


def test_its_address_holds_the_text(kit):
    action = kit.action("ua-119-21")
    board = kit.platform("noticeboard")
    drafts = kit.share(action, ["en", "es"], [board], "thanks")
    assert {draft.language for draft in drafts} == {"en", "es"}
    for draft in drafts:
        # A draft that does not fit has no address.
        assert draft.fits == bool(draft.share_url)
    assert kit.measure(board, "x").limit == 140
