"""A person authorizes an account: an app is registered, a code is copied, a token comes of it."""

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest

from uasocial.platforms.publisher import (
    NotAuthorized,
    Prepared,
    Publisher,
    PublisherError,
    Transient,
)
from uasocial.testing.proxy import Fault, FaultProxy
from uasocial_mastodon import MASTODON
from uasocial_mastodon.authorizing import SCOPES
from uasocial_mastodon.testing import FakeMastodon

Open = Callable[..., Publisher]
Ready = Callable[..., Prepared]


class Person:
    """Logs in on the page that is shown, as an account, and copies the code."""

    def __init__(self, fake: FakeMastodon, acct: str, code: str = "") -> None:
        self.fake, self.acct, self.code = fake, acct, code
        self.shown: list[str] = []
        self.asked: list[tuple[str, bool]] = []

    def show(self, text: str) -> None:
        self.shown.append(text)

    def ask(self, question: str, *, secret: bool = False) -> str:
        self.asked.append((question, secret))
        page = next(word for word in self.shown[-1].split() if word.startswith("http"))
        query = parse_qs(urlsplit(page).query)
        assert query["response_type"] == ["code"]
        assert query["scope"] == [" ".join(SCOPES)]
        return self.code or f" {self.fake.allow(query['client_id'][0], self.acct)}\n"


def authorize(settings: dict[str, str], person: Person) -> dict[str, str]:
    assert MASTODON.authorize is not None
    return dict(MASTODON.authorize(settings, person))


def test_the_token_does_all_that_is_needed_and_the_code_is_never_shown(
    fake: FakeMastodon, opened: Open, ready: Ready
) -> None:
    fake.join("ours")
    fake.join("minister@elsewhere.example", known=False)
    person = Person(fake, "ours")
    given = authorize({"instance": fake.url}, person)
    assert set(given) == set(MASTODON.secrets)
    assert person.asked == [("The code", True)]
    publisher = opened(fake, token=given["access_token"])
    assert publisher.check().startswith("@ours@")
    receipt = publisher.create(ready("Open the gate"))
    assert publisher.resolve("minister@elsewhere.example") is not None
    publisher.delete(receipt)


def test_the_page_s_address_says_nothing_that_is_not_set(fake: FakeMastodon) -> None:
    fake.join("ours")
    person = Person(fake, "ours")
    authorize({"instance": fake.url}, person)
    page = next(word for word in person.shown[0].split() if word.startswith("http"))
    names = parse_qs(urlsplit(page).query).keys()
    # https://docs.joinmastodon.org/methods/oauth/#authorize: the four that it needs.
    assert names == {"client_id", "response_type", "redirect_uri", "scope"}
    assert page.startswith(f"{fake.url}/oauth/authorize?")


def test_a_code_that_is_wrong_is_told(fake: FakeMastodon) -> None:
    fake.join("ours")
    with pytest.raises(NotAuthorized, match="does not take the code") as error:
        authorize({"instance": fake.url}, Person(fake, "ours", code="wrong-code"))
    assert "wrong-code" not in str(error.value)


def test_a_server_that_registers_nobody_is_told(fake: FakeMastodon) -> None:
    said = [Fault("refuse", status=403)]
    with (
        FaultProxy(fake.url, said) as proxy,
        pytest.raises(NotAuthorized, match="refuses the account"),
    ):
        authorize({"instance": proxy.url}, Person(fake, "ours"))


def test_a_server_that_is_no_mastodon_is_told(fake: FakeMastodon) -> None:
    with (
        FaultProxy(fake.url, [Fault("fail", status=200)]) as proxy,
        pytest.raises(PublisherError, match="answers what no Mastodon does"),
    ):
        authorize({"instance": proxy.url}, Person(fake, "ours"))


def test_a_server_that_does_not_answer_is_told(fake: FakeMastodon) -> None:
    with FaultProxy(fake.url, [Fault("cut")]) as proxy, pytest.raises(Transient, match="no answer"):
        authorize({"instance": proxy.url}, Person(fake, "ours"))
