"""The fake refuses what X refuses: else the contract would prove nothing."""

import json
from collections.abc import Mapping
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest
import requests
from requests_oauthlib import OAuth1

from uasocial_x.testing import XNetwork, XOAuth2Network
from uasocial_x.testing.access import Grant

URL = "https://api.twitter.com/2/tweets"


def signed(network: XNetwork, **other: str) -> requests.PreparedRequest:
    secrets = {**network.secrets, **other}
    auth = OAuth1(
        secrets["consumer_key"],
        secrets["consumer_secret"],
        secrets["access_token"],
        secrets["access_token_secret"],
    )
    return requests.Request("POST", URL, json={"text": "Open the gate"}, auth=auth).prepare()


def answered(network: XNetwork, request: requests.PreparedRequest) -> tuple[int, Mapping[str, str]]:
    place = urlsplit(network.fake.url)
    connection = HTTPConnection(place.hostname or "", place.port)
    headers = {
        name: value.decode() if isinstance(value, bytes) else value
        for name, value in request.headers.items()
    }
    connection.request(request.method or "", request.path_url, request.body, headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}


def test_each_answer_says_how_many_calls_are_left(network: XNetwork) -> None:
    status, headers = answered(network, signed(network))
    assert status == 201
    names = {"x-rate-limit-limit", "x-rate-limit-remaining", "x-rate-limit-reset"}
    assert names <= set(headers)


@pytest.mark.parametrize(
    "name", ["consumer_key", "consumer_secret", "access_token", "access_token_secret"]
)
def test_each_of_the_four_secrets_counts(network: XNetwork, name: str) -> None:
    assert answered(network, signed(network, **{name: "wrong"}))[0] == 401
    assert network.fake.posts == []


def test_a_signed_call_counts_once(network: XNetwork) -> None:
    request = signed(network)
    assert [answered(network, request)[0] for _ in range(2)] == [201, 401]


def test_a_signature_is_of_one_method_one_address_and_one_moment(network: XNetwork) -> None:
    request = signed(network)
    request.method = "GET"
    assert answered(network, request)[0] == 401
    request = signed(network)
    request.url = f"{URL}?more=1"
    assert answered(network, request)[0] == 401
    now = network.fake.clock()
    network.fake.clock = lambda: now + 400
    assert answered(network, signed(network))[0] == 401


def test_the_same_words_are_refused_until_they_are_deleted(network: XNetwork) -> None:
    assert [answered(network, signed(network))[0] for _ in range(2)] == [201, 403]
    network.fake.posts.clear()
    assert answered(network, signed(network))[0] == 201


def test_a_spent_refresh_token_ends_all_that_came_of_it(network2: XOAuth2Network) -> None:
    access = network2.fake.access
    first = network2.secrets["refresh_token"]

    def renewed(token: str) -> tuple[int, dict[str, str]]:
        form = {
            "grant_type": "refresh_token",
            "refresh_token": token,
            "client_id": access.app.client_id,
        }
        answer = requests.post(f"{network2.fake.url}/2/oauth2/token", data=form, timeout=5)
        return answer.status_code, answer.json()

    status, second = renewed(first)
    assert status == 200
    assert renewed(first)[0] == 400
    assert renewed(second["refresh_token"])[0] == 400
    headers = {"Authorization": f"Bearer {second['access_token']}"}
    assert (
        requests.get(f"{network2.fake.url}/2/users/me", headers=headers, timeout=5).status_code
        == 401
    )


def test_a_token_does_no_more_than_it_was_allowed(network2: XOAuth2Network) -> None:
    pair = network2.fake.access.pair(Grant(network2.user.id, frozenset({"users.read"})))
    headers = {"Authorization": f"Bearer {pair['access_token']}"}
    answer = requests.post(
        f"{network2.fake.url}/2/tweets", json={"text": "Gate"}, headers=headers, timeout=5
    )
    assert answer.status_code == 403
    assert json.loads(answer.content)["type"].endswith("client-forbidden")
