"""What goes out, as the server received it."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

import pytest
from msgspec.structs import replace

from uasocial.model.post import Media, Receipt
from uasocial.platforms.publisher import NotYet, OutcomeUnknown, Prepared, Publisher, Rejected
from uasocial.testing.loopback import Request
from uasocial.testing.proxy import Fault, FaultProxy
from uasocial_mastodon import PIXELFED
from uasocial_mastodon.testing import PIXELFED as PIXELFED_RULES
from uasocial_mastodon.testing import FakeMastodon, Rules

Open = Callable[..., Publisher]
Ready = Callable[..., Prepared]
Step = Callable[[Publisher, Prepared], Any]


def calls(fake: FakeMastodon) -> list[str]:
    return [f"{one.method} {one.path.partition('?')[0]}" for one in fake.received]


def last(fake: FakeMastodon) -> tuple[Request, dict[str, list[str]]]:
    request = fake.received[-1]
    return request, parse_qs(request.body.decode(), keep_blank_values=True)


def test_a_post_is_one_request_and_nothing_is_asked_before_it(
    fake: FakeMastodon, opened: Open, ready: Ready
) -> None:
    publisher = opened(fake)
    receipt = publisher.create(ready("Open the gate", publisher))
    assert calls(fake) == ["POST /api/v1/statuses"]
    (status,) = fake.statuses
    assert receipt == Receipt(status.id, f"{fake.url}/@ours/{status.id}")


def test_language_visibility_and_warning_are_the_posts_and_the_accounts(
    fake: FakeMastodon, opened: Open, ready: Ready
) -> None:
    publisher = opened(fake, visibility="unlisted")
    publisher.create(ready("افتحوا الباب", language="ar", content_warning="Violence"))
    _, form = last(fake)
    assert form["language"] == ["ar"]
    assert form["visibility"] == ["unlisted"]
    assert form["spoiler_text"] == ["Violence"]
    assert form["sensitive"] == ["1"]


def test_what_the_account_prefers_is_left_to_it(
    fake: FakeMastodon, opened: Open, ready: Ready
) -> None:
    """Nobody makes a post public, or its pictures open, by saying nothing."""
    opened(fake).create(ready("Open the gate"))
    _, form = last(fake)
    assert not {"visibility", "sensitive", "spoiler_text", "in_reply_to_id"} & set(form)
    assert form["content_type"] == ["text/plain"]


def test_the_key_is_a_header_the_same_for_each_try_and_another_for_other_words(
    fake: FakeMastodon, opened: Open, ready: Ready
) -> None:
    publisher = opened(fake)
    first = publisher.create(ready("Open the gate"))
    assert publisher.create(ready("Open the gate")) == first
    publisher.create(ready("Open the gate", content_warning="Violence"))
    publisher.create(ready("Open the gate", key="another"))
    keys = [one.headers["idempotency-key"] for one in fake.received]
    assert keys[0] == keys[1]
    assert len(set(keys)) == 3
    assert all(key.encode() not in one.body for key, one in zip(keys, fake.received, strict=True))
    assert len(fake.statuses) == 3


def test_a_key_that_pixelfed_knows_says_nothing_about_the_post(
    opened: Open, ready: Ready, pictures: list[Media]
) -> None:
    """It takes the key before the post: to be looked up, and no refusal for good."""
    with FakeMastodon(PIXELFED_RULES) as fake:
        publisher = opened(fake, kind=PIXELFED)
        prepared = ready("Open the gate", publisher, media=tuple(pictures[:1]))
        publisher.create(prepared)
        fake.statuses.clear()
        fake.uploads[prepared.data["uploads"].popitem()[1]].attached = False
        with pytest.raises(OutcomeUnknown, match="Duplicate idempotency key"):
            publisher.create(ready("Open the gate", publisher, media=tuple(pictures[:1])))


def test_pixelfed_wants_a_picture_and_says_so_before_anything_is_sent(
    opened: Open, ready: Ready
) -> None:
    with FakeMastodon(PIXELFED_RULES) as fake:
        with pytest.raises(Rejected, match="needs a picture"):
            ready("Open the gate", opened(fake, kind=PIXELFED))
        assert fake.received == []


def test_an_answer_to_a_post_that_is_gone_is_refused_in_clear_words(
    fake: FakeMastodon, opened: Open, ready: Ready
) -> None:
    with pytest.raises(Rejected, match="the post that it answers is gone"):
        opened(fake).create(ready("And again", answers=Receipt("1")))


# --- pictures ------------------------------------------------------------------------------------


def test_each_picture_is_uploaded_once_whatever_happens_in_between(
    fake: FakeMastodon, opened: Open, ready: Ready, step: Step, pictures: list[Media]
) -> None:
    """What is uploaded is kept before the next one is begun, and asked about again."""
    given = ready("Open the gate", media=tuple(pictures[:2]))
    first = step(opened(fake), given)
    assert isinstance(first, NotYet)
    done = step(opened(fake), given._replace(data=first.so_far))
    assert step(opened(fake), given._replace(data=done)) == done
    assert [call for call in calls(fake) if call.startswith("POST")] == ["POST /api/v2/media"] * 2
    assert [upload.alt for upload in fake.uploads.values()] == [one.alt for one in pictures[:2]]


def test_a_picture_in_work_is_waited_for(
    opened: Open, ready: Ready, step: Step, pictures: list[Media]
) -> None:
    with FakeMastodon(Rules(slow=2)) as fake:
        publisher = opened(fake)
        given = ready("Open the gate", media=tuple(pictures[:1]))
        for _ in range(2):
            answer = step(publisher, given)
            assert isinstance(answer, NotYet)
            assert answer.after.total_seconds() > 0
            given = given._replace(data=answer.so_far)
        publisher.create(given._replace(data=step(publisher, given)))
        assert calls(fake).count("POST /api/v2/media") == 1
        assert [upload.alt for upload in fake.statuses[0].uploads] == ["Belkori at the gate"]


def test_a_picture_that_is_refused_late_is_a_refusal_that_names_it(
    opened: Open, ready: Ready, pictures: list[Media]
) -> None:
    with FakeMastodon(Rules(slow=1)) as fake:
        fake.breaks_pictures = True
        with pytest.raises(Rejected, match=r"127.0.0.1:\d+ refuses picture 1: Error processing"):
            ready("Open the gate", opened(fake), media=tuple(pictures[:1]))


def test_a_picture_of_a_kind_that_the_server_does_not_take_is_refused(
    fake: FakeMastodon, opened: Open, ready: Ready, pictures: list[Media]
) -> None:
    odd = replace(pictures[0], type="image/x-odd")
    with pytest.raises(Rejected, match="refuses picture 1: Validation failed: File content type"):
        ready("Open the gate", opened(fake), media=(odd,))


def test_an_upload_that_the_server_has_thrown_away_is_made_again(
    fake: FakeMastodon, opened: Open, ready: Ready, step: Step, pictures: list[Media]
) -> None:
    """A delivery may wait for days between preparing and sending."""
    publisher = opened(fake)
    given = ready("Open the gate", publisher, media=tuple(pictures[:1]))
    fake.forward(days=2)
    again = step(publisher, given)
    assert again["uploads"].keys() == given.data["uploads"].keys()
    publisher.create(given._replace(data=again))
    assert calls(fake).count("POST /api/v2/media") == 2
    assert len(fake.statuses[0].uploads) == 1


def test_the_same_picture_with_other_words_is_another_upload(
    fake: FakeMastodon, opened: Open, ready: Ready, pictures: list[Media]
) -> None:
    publisher = opened(fake)
    twice = (pictures[0], replace(pictures[0], alt="The same, from near"))
    publisher.create(ready("Open the gate", publisher, media=twice))
    alts = [upload.alt for upload in fake.statuses[0].uploads]
    assert alts == ["Belkori at the gate", "The same, from near"]


# --- afterwards ----------------------------------------------------------------------------------


def test_an_edit_changes_words_pictures_and_alt_texts(
    fake: FakeMastodon, opened: Open, ready: Ready, pictures: list[Media]
) -> None:
    publisher = opened(fake)
    receipt = publisher.create(ready("The gate is closd", publisher, media=tuple(pictures[:2])))
    clearer = (replace(pictures[1], alt="The gate, closed"), pictures[2])
    edited = ready("The gate is closed", publisher, media=clearer, content_warning="Violence")
    assert publisher.edit(receipt, edited) == receipt
    (status,) = fake.statuses
    assert (status.text, status.warning) == ("The gate is closed", "Violence")
    assert [upload.alt for upload in status.uploads] == ["The gate, closed", ""]
    assert [edit.text for edit in status.edits] == ["The gate is closd", "The gate is closed"]
    publisher.edit(receipt, ready("The gate is open"))
    assert (fake.statuses[0].uploads, fake.statuses[0].warning) == ([], "")


def test_an_edit_without_an_answer_may_have_been_made(
    fake: FakeMastodon, opened: Open, ready: Ready
) -> None:
    receipt = opened(fake).create(ready("The gate is closd"))
    with FaultProxy(fake.url, [Fault("drop", match=lambda one: one.method == "PUT")]) as proxy:
        publisher = opened(proxy.url, token=fake.grant("ours"))
        with pytest.raises(OutcomeUnknown):
            publisher.edit(receipt, ready("The gate is closed"))
    assert fake.statuses[0].text == "The gate is closed"


def test_an_edit_leaves_sensitive_pictures_covered(
    fake: FakeMastodon, opened: Open, ready: Ready
) -> None:
    """What an edit does not name is taken off."""
    receipt = opened(fake, sensitive="yes").create(ready("The gate is closd"))
    opened(fake).edit(receipt, ready("The gate is closed"))
    assert fake.statuses[0].sensitive


def test_an_edit_of_what_is_gone_is_refused(fake: FakeMastodon, opened: Open, ready: Ready) -> None:
    publisher = opened(fake)
    receipt = publisher.create(ready("The gate is closd"))
    publisher.delete(receipt)
    with pytest.raises(Rejected, match="is gone"):
        publisher.edit(receipt, ready("The gate is closed"))


def test_a_deletion_takes_the_pictures_too(
    fake: FakeMastodon, opened: Open, ready: Ready, pictures: list[Media]
) -> None:
    """Else they stay on the server for a day: too long where a person asked for it."""
    publisher = opened(fake)
    receipt = publisher.create(ready("The gate", publisher, media=tuple(pictures[:1])))
    publisher.delete(receipt)
    assert (fake.statuses, fake.uploads) == ([], {})
    publisher.delete(receipt)


def test_a_post_of_which_only_the_address_is_known_is_left_to_a_person(
    fake: FakeMastodon, opened: Open, ready: Ready
) -> None:
    """A server says of an address that it has no such post, though it is live."""
    publisher = opened(fake)
    receipt = publisher.create(ready("Open the gate"))
    by_hand = Receipt(receipt.permalink, receipt.permalink)
    with pytest.raises(Rejected, match="delete it by hand"):
        publisher.delete(by_hand)
    with pytest.raises(Rejected, match="edit it by hand"):
        publisher.edit(by_hand, ready("Open the gate now"))
    assert [status.text for status in fake.statuses] == ["Open the gate"]


def test_a_post_that_a_person_has_found_is_answered_by_the_id_in_its_address(
    fake: FakeMastodon, opened: Open, ready: Ready
) -> None:
    publisher, since = opened(fake), datetime.now(UTC)
    first = publisher.create(ready("One"))
    second = ready("Two", answers=Receipt(first.permalink, first.permalink))
    receipt = publisher.create(second)
    assert [status.answers for status in fake.statuses] == [None, first.remote_id]
    assert publisher.find(second, since) == receipt
    elsewhere = Receipt("https://elsewhere.example/@ours/1")
    with pytest.raises(Rejected, match="answer it by hand"):
        publisher.create(ready("Three", answers=elsewhere))
