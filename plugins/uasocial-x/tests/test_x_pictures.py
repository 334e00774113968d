"""Pictures: sent in parts, processed, described, refused late, and uploaded again when they end."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest

from uasocial.platforms.publisher import (
    NotAuthorized,
    NotYet,
    Prepared,
    Publisher,
    Rejected,
    Transient,
)
from uasocial.testing.loopback import Answer
from uasocial_x.testing import XNetwork
from uasocial_x.uploading import PART

Make = Callable[..., Prepared]
GREAT = (bytes(range(256)) * 12_000, "image/png", "The gate")
SMALL = (b"a picture", "image/jpeg", "Belkori")
MOVING = (b"GIF89a", "image/gif", "")


def ready(ours: Publisher, made: Prepared) -> Prepared | NotYet:
    """Prepare a post; what is kept of it is JSON."""
    held = {one.sha256: data for one, (data, *_) in zip(made.post.media, PICTURES, strict=False)}
    answer = ours.prepare(made, held.__getitem__)
    if isinstance(answer, NotYet):
        return answer._replace(so_far=json.loads(json.dumps(answer.so_far)))
    return made._replace(data=json.loads(json.dumps(answer)))


PICTURES = (GREAT, SMALL)


def test_a_great_picture_goes_in_parts_and_arrives_whole(
    network: XNetwork, ours: Publisher, prepared: Make
) -> None:
    made = ready(ours, prepared("Look", *PICTURES))
    assert isinstance(made, Prepared)
    ours.create(made)
    great, small = network.fake.posts[0].pictures
    assert (great.data, small.data) == (GREAT[0], SMALL[0])
    assert len(great.parts) == -(-len(GREAT[0]) // PART) > 1


def test_what_x_still_works_on_is_waited_for_without_another_upload(
    network: XNetwork, ours: Publisher, prepared: Make
) -> None:
    network.fake.uploads.processing = 2
    post = prepared("Look", *PICTURES)
    first = ready(ours, post)
    assert isinstance(first, NotYet)
    assert first.after == timedelta(seconds=1)
    made = ready(ours, post._replace(data=first.so_far))
    assert isinstance(made, Prepared)
    ours.create(made)
    assert [one.alt for one in network.fake.posts[0].pictures] == ["The gate", "Belkori"]
    assert len(network.fake.uploads.held) == 2


def test_a_picture_that_is_refused_after_all_is_said_so_with_its_number(
    network: XNetwork, ours: Publisher, prepared: Make
) -> None:
    network.fake.uploads.fails = True
    with pytest.raises(Rejected, match="refused picture 1 after all: Media is not supported"):
        ready(ours, prepared("Look", *PICTURES))


def test_a_picture_that_is_refused_with_the_post_is_said_so(
    network: XNetwork, ours: Publisher, prepared: Make
) -> None:
    made = ready(ours, prepared("Look", *PICTURES))
    assert isinstance(made, Prepared)
    for one in network.fake.uploads.held.values():
        one.state = "failed"
    with pytest.raises(Rejected, match=r"Your media IDs are invalid.*refused a picture after all"):
        ours.create(made)


def test_what_has_ended_or_soon_will_is_uploaded_again(ours: Publisher, prepared: Make) -> None:
    made = ready(ours, prepared("Look", *PICTURES))
    assert isinstance(made, Prepared)
    again = ready(ours, made)
    assert isinstance(again, Prepared)
    assert again.data == made.data
    for one in again.data["media"].values():
        one["until"] -= 86_000
    anew = ready(ours, again)
    assert isinstance(anew, Prepared)
    assert {one["id"] for one in anew.data["media"].values()}.isdisjoint(
        one["id"] for one in made.data["media"].values()
    )
    assert anew.data["since"] == made.data["since"]


def test_an_alt_text_that_is_too_long_is_refused_by_x(ours: Publisher, prepared: Make) -> None:
    with pytest.raises(Rejected, match="1 to 1000 characters"):
        ready(ours, prepared("Look", (GREAT[0], "image/png", "g" * 1001)))


def test_a_moving_picture_is_said_to_be_one_and_needs_no_alt_text(
    network: XNetwork, ours: Publisher, prepared: Make
) -> None:
    made = prepared("Look", MOVING)
    answer = ours.prepare(made, lambda _: MOVING[0])
    assert not isinstance(answer, NotYet)
    ours.create(made._replace(data=answer))
    assert network.fake.posts[0].pictures[0].alt == ""
    assert ("POST", "2/media/metadata") not in network.fake.calls


@pytest.mark.parametrize(
    ("status", "meaning"), [(503, Transient), (429, Transient), (404, Transient), (200, Transient)]
)
def test_an_upload_that_is_not_answered_is_made_again(
    network: XNetwork, ours: Publisher, prepared: Make, status: int, meaning: type[Exception]
) -> None:
    network.fake.instead = Answer(status, b"<html>")
    with pytest.raises(meaning):
        ready(ours, prepared("Look", *PICTURES))


def test_an_app_that_may_not_upload_is_told_what_to_allow(
    network2: XNetwork, ours2: "tuple[Publisher, object]", prepared: Make
) -> None:
    publisher = ours2[0]
    publisher.check()
    for grant, _ in network2.fake.access.bearers.values():
        grant.scopes -= {"media.write"}
    with pytest.raises(NotAuthorized, match=r"let the app read and write at console\.x\.com"):
        ready(publisher, prepared("Look", *PICTURES))
