"""A person lets the app act for the account: by a PIN, or by the address X leads back to."""

from collections.abc import Callable, Mapping

import pytest

from uasocial.errors import UasocialError
from uasocial.keeping import Keeping
from uasocial.platforms.publisher import PublisherKind
from uasocial.testing.loopback import Answer
from uasocial.testing.network import SECRET
from uasocial.testing.opening import opened
from uasocial_x import OAUTH1, OAUTH2
from uasocial_x.testing import XNetwork, XOAuth2Network


class Person:
    """Answers in order; a function is given the last address that was shown."""

    def __init__(self, *answers: str | Callable[[str], str]) -> None:
        self.answers = list(answers)
        self.shown: list[str] = []
        self.asked: list[tuple[str, bool]] = []

    def show(self, text: str) -> None:
        self.shown.append(text)

    def ask(self, question: str, *, secret: bool = False) -> str:
        self.asked.append((question, secret))
        answer = self.answers.pop(0)
        if isinstance(answer, str):
            return answer
        return answer(next(one for one in reversed(self.shown) if one.startswith("https://")))


def authorized(kind: PublisherKind, network: XNetwork, person: Person) -> Mapping[str, str]:
    assert kind.authorize is not None
    secrets = kind.authorize(network.settings, person)
    assert set(secrets) == set(kind.secrets)
    assert opened(kind, network.settings, Keeping("x", "new", secrets)).check() == network.owner
    assert not any(SECRET + value in "\n".join(person.shown) for value in secrets.values())
    return secrets


def by_pin(network: XNetwork, pin: Callable[[str], str] | str) -> Person:
    app = network.fake.access.app
    return Person(app.consumer_key, app.consumer_secret, pin)


def test_a_pin_gives_the_four_secrets_of_the_account(network: XNetwork) -> None:
    access = network.fake.access
    person = by_pin(network, lambda page: access.pin(page, network.user.id))
    authorized(OAUTH1, network, person)
    assert [secret for _, secret in person.asked] == [True, True, False]


def test_a_wrong_pin_is_said_in_one_line_without_a_token(network: XNetwork) -> None:
    assert OAUTH1.authorize is not None
    with pytest.raises(UasocialError, match="Invalid oauth_verifier") as error:
        OAUTH1.authorize(network.settings, by_pin(network, "1234567"))
    assert SECRET not in str(error.value)


def test_wrong_keys_of_the_app_are_said_in_one_line(network: XNetwork) -> None:
    assert OAUTH1.authorize is not None
    with pytest.raises(UasocialError, match="look at the app's keys") as error:
        OAUTH1.authorize(network.settings, Person("wrong", "keys", "1234567"))
    assert "\n" not in str(error.value)


def test_the_address_that_x_leads_back_to_gives_the_refresh_token(
    network2: XOAuth2Network,
) -> None:
    access = network2.fake.access
    person = Person(lambda page: f"  {access.lead_back(page, network2.user.id)}\n")
    authorized(OAUTH2, network2, person)
    assert [secret for _, secret in person.asked] == [True]


def test_the_address_of_another_attempt_is_refused_and_asked_of_nobody(
    network2: XOAuth2Network,
) -> None:
    """Else somebody else's account might be slipped under."""
    access = network2.fake.access

    def swapped(page: str) -> str:
        return access.lead_back(page, network2.user.id).replace("state=", "state=x")

    assert OAUTH2.authorize is not None
    with pytest.raises(UasocialError, match="of another attempt"):
        OAUTH2.authorize(network2.settings, Person(swapped))
    assert network2.fake.calls == []


def test_an_address_that_comes_too_late_is_said_so(network2: XOAuth2Network) -> None:
    fake = network2.fake

    def late(page: str) -> str:
        address = fake.access.lead_back(page, network2.user.id)
        now = fake.clock()
        fake.clock = lambda: now + 31
        return address

    assert OAUTH2.authorize is not None
    with pytest.raises(UasocialError, match="authorization code was invalid") as error:
        OAUTH2.authorize(network2.settings, Person(late))
    assert SECRET not in str(error.value)


@pytest.mark.parametrize("address", ["", "no", "http://127.0.0.1:8765/?error=access_denied"])
def test_what_is_no_such_address_is_said_in_one_line(
    network2: XOAuth2Network, address: str
) -> None:
    assert OAUTH2.authorize is not None
    with pytest.raises(UasocialError) as error:
        OAUTH2.authorize(network2.settings, Person(address))
    assert len(str(error.value).splitlines()) == 1


@pytest.mark.parametrize("answer", [Answer(200, b"<html>"), Answer(503), Answer(400, b"[]")])
def test_what_is_not_x_is_said_in_one_line(network2: XOAuth2Network, answer: Answer) -> None:
    def led(page: str) -> str:
        network2.fake.instead = answer
        return network2.fake.access.lead_back(page, network2.user.id)

    assert OAUTH2.authorize is not None
    with pytest.raises(UasocialError) as error:
        OAUTH2.authorize(network2.settings, Person(led))
    assert len(str(error.value).splitlines()) == 1
    assert SECRET not in str(error.value)


def test_a_server_that_is_down_is_said_in_one_line(network: XNetwork) -> None:
    network.close()
    assert OAUTH1.authorize is not None
    with pytest.raises(UasocialError, match="cannot be reached"):
        OAUTH1.authorize(network.settings, by_pin(network, "1234567"))
