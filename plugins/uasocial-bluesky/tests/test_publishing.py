"""Posts on a real personal data server."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from uasocial.model.post import Mention, Receipt
from uasocial.platforms.publisher import (
    CannotTell,
    NotAuthorized,
    OutcomeUnknown,
    Prepared,
    Rejected,
    Transient,
)
from uasocial_bluesky.publisher import GOOD_FOR
from uasocial_bluesky.testing import Member, Pds
from uasocial_bluesky.testing.account import Ours

Live = Callable[[Receipt], dict[str, Any]]
Opened = Callable[[dict[str, str], str], Ours]


def test_the_permalink_holds_the_stable_id(ours: Ours, shared: tuple[Member, str]) -> None:
    _, receipt = ours.create()
    assert receipt.permalink.startswith(f"https://bsky.app/profile/{shared[0].did}/post/")
    assert receipt.permalink.endswith(receipt.remote_id.rpartition("/")[2])


def test_a_picture_arrives_byte_for_byte_with_its_shape(
    ours: Ours, pds: Pds, shared: tuple[Member, str], live: Live
) -> None:
    picture = ours.picture(40, 30, "The gate, closed")
    (shown,) = live(ours.create(media=(picture,))[1])["embed"]["images"]
    assert (shown["alt"], shown["aspectRatio"]) == ("The gate, closed", {"width": 40, "height": 30})
    blob = pds.blob(shared[0].did, shown["image"]["ref"]["$link"])
    assert blob == ours.pictures[picture.sha256]


def test_a_post_says_its_language(ours: Ours, live: Live) -> None:
    assert live(ours.create("افتحوا الباب", language="ar")[1])["langs"] == ["ar"]


def test_a_mention_is_looked_up(ours: Ours, neighbour: Member, live: Live) -> None:
    record = live(ours.create("Dear @Office.test, and @nobody.test")[1])
    dids = [one["features"][0]["did"] for one in record["facets"]]
    assert dids == [neighbour.did]


def test_the_id_that_was_approved_with_a_mention_is_the_one_that_is_named(
    ours: Ours, shared: tuple[Member, str], live: Live
) -> None:
    known = (Mention(handle="Office.test", id=shared[0].did),)
    record = live(ours.create("Dear @office.test", mentions=known)[1])
    assert record["facets"][0]["features"][0]["did"] == shared[0].did


def test_a_link_gets_a_card(ours: Ours, live: Live) -> None:
    record = live(ours.create("Open: https://example.org/1", link="https://example.org/1")[1])
    assert record["embed"]["external"]["uri"] == "https://example.org/1"
    assert record["facets"][0]["features"][0]["uri"] == "https://example.org/1"


def test_a_card_may_have_the_picture(
    opened: Opened, pds: Pds, shared: tuple[Member, str], live: Live
) -> None:
    member, password = shared
    settings = {"handle": f"@{member.handle}", "service": pds.url, "card": "picture"}
    ours = opened(settings, password)
    _, receipt = ours.create(link="https://example.org/1", media=(ours.picture(),))
    external = live(receipt)["embed"]["external"]
    assert (external["thumb"]["$type"], external["description"]) == ("blob", "The gate")


def test_the_account_may_be_named_by_its_did(
    opened: Opened, pds: Pds, shared: tuple[Member, str]
) -> None:
    member, password = shared
    ours = opened({"handle": member.did, "service": pds.url}, password)
    assert ours.publisher.check().startswith(f"@{member.handle} ({member.did}) at 127.0.0.1")


def test_a_thread_names_its_first_post_and_the_one_before(ours: Ours, live: Live) -> None:
    _, first = ours.create("One of three")
    _, second = ours.create("Two of three", first)
    reply = live(ours.create("Three of three", second)[1])["reply"]
    assert (reply["root"]["uri"], reply["parent"]["uri"]) == (first.remote_id, second.remote_id)


def test_a_post_that_answers_what_is_gone_is_refused(ours: Ours) -> None:
    _, first = ours.create("One of two")
    ours.publisher.delete(first)
    with pytest.raises(Rejected, match="is gone"):
        ours.create("Two of two", first)


def test_the_post_of_another_account_is_not_deleted(ours: Ours, neighbour: Member) -> None:
    with pytest.raises(Rejected, match="no post of this account"):
        ours.publisher.delete(Receipt(f"at://{neighbour.did}/app.bsky.feed.post/3kabc"))


def test_what_was_prepared_is_good_for_another_try(ours: Ours) -> None:
    prepared = ours.prepared(media=(ours.picture(),))
    assert ours.again(prepared).data == prepared.data


def test_the_same_key_with_other_words_overwrites_nothing(ours: Ours, live: Live) -> None:
    prepared, receipt = ours.create("Open the gate")
    other = ours.again(prepared._replace(post=msgspec.structs.replace(prepared.post, text="Shut")))
    with pytest.raises(OutcomeUnknown):
        ours.publisher.create(other)
    with pytest.raises(CannotTell, match="other words"):
        ours.publisher.find(other, datetime.now(UTC))
    assert live(receipt)["text"] == "Open the gate"


def test_a_try_much_later_finds_the_first_one_under_its_key(ours: Ours) -> None:
    """What is made ready again has another moment, and is another record; the key is the same."""
    prepared, receipt = ours.create(media=(ours.picture(),))
    later = ours.again(aged(prepared))
    assert later.data["record"] != prepared.data["record"]
    with pytest.raises(OutcomeUnknown):
        ours.publisher.create(later)
    assert ours.publisher.find(later, datetime.now(UTC)) == receipt


def aged(prepared: Prepared) -> Prepared:
    made_at = datetime.now(UTC) - GOOD_FOR - timedelta(seconds=1)
    return prepared._replace(data={**prepared.data, "made_at": made_at.isoformat()})


def test_a_post_that_waited_is_of_the_moment_it_goes_out(ours: Ours, live: Live) -> None:
    """On Bluesky a post that says it is of last week is shown among those of last week."""
    later = ours.again(aged(ours.prepared()))
    said = live(ours.publisher.create(later))["createdAt"]
    assert datetime.now(UTC) - datetime.fromisoformat(said) < timedelta(minutes=1)


def test_a_picture_that_the_server_let_go_of_is_uploaded_again(ours: Ours) -> None:
    prepared = ours.prepared(media=(ours.picture(),))
    lost = without_blob(prepared)
    with pytest.raises(Transient, match="let go of a picture"):
        ours.publisher.create(lost)
    assert ours.publisher.create(ours.again(lost))


def without_blob(prepared: Prepared) -> Prepared:
    """Return what was prepared with a picture that this server never had."""
    (image,) = prepared.data["record"]["embed"]["images"]
    ref = {"$link": "bafkreibme22gw2h7y2h7tg2fhqotaqjucnbc24deqo72b6mkl2egezxhvy"}
    other = {**image, "image": {**image["image"], "ref": ref}}
    embed = {**prepared.data["record"]["embed"], "images": [other]}
    record = {**prepared.data["record"], "embed": embed}
    return prepared._replace(data={**prepared.data, "record": record})


def test_a_picture_too_large_for_a_post_is_refused_late_and_for_good(ours: Ours) -> None:
    prepared = ours.prepared(media=(ours.picture(1000, 1000),))
    ours.pictures.clear()
    with pytest.raises(Rejected, match="blob too big"):
        ours.publisher.create(prepared)


def test_a_picture_too_large_to_be_uploaded_is_refused_for_good(ours: Ours) -> None:
    with pytest.raises(Rejected, match="a picture is larger than it takes"):
        ours.create(media=(ours.picture(2600, 2600),))


def test_one_picture_too_many_is_refused(ours: Ours) -> None:
    with pytest.raises(Rejected, match="maximum 4, got 5"):
        ours.create(media=tuple(ours.picture(10, 10 + n) for n in range(5)))


def test_whom_nobody_knows_is_nobody_and_so_is_what_is_no_handle(ours: Ours) -> None:
    assert ours.publisher.resolve("nobody.test") is None
    assert ours.publisher.resolve("no handle/at all") is None


def test_a_handle_leads_to_its_did_however_it_is_written(ours: Ours, neighbour: Member) -> None:
    found = ours.publisher.resolve("Office.Test")
    assert found is not None
    assert found.id == neighbour.did


def test_an_account_that_was_taken_down_is_said_so(own: tuple[Ours, Member], pds: Pds) -> None:
    account, member = own
    prepared, _ = account.create()
    waiting = account.prepared("Open it now")
    pds.take_down(member)
    with pytest.raises(NotAuthorized, match="has been taken down"):
        account.publisher.create(waiting)
    with pytest.raises(NotAuthorized):
        account.publisher.check()
    with pytest.raises(CannotTell):
        account.publisher.find(prepared, datetime.now(UTC))


def test_an_account_that_rests_is_said_so(own: tuple[Ours, Member], pds: Pds) -> None:
    account, member = own
    waiting = account.prepared()
    pds.deactivate(member)
    with pytest.raises(NotAuthorized, match="deactivated"):
        account.publisher.create(waiting)
    with pytest.raises(NotAuthorized, match="deactivated"):
        account.publisher.check()


def test_an_account_of_another_person_takes_nothing_that_was_made_ready_for_the_first(
    ours: Ours, own: tuple[Ours, Member], neighbour: Member
) -> None:
    """After the settings name another account under the same name."""
    prepared = ours.prepared()
    account, member = own
    assert account.again(prepared).data["repo"] == member.did != neighbour.did
