"""A post in steps, without any key: pictures in containers, one around them, and publishing."""

import json
import math

import pytest

from uasocial.platforms.publisher import Rejected
from uasocial.testing.container_publisher import CONTAINERS, ContainerPublisher
from uasocial.testing.containers import ContainerNetwork
from uasocial.testing.contract import HttpNetwork, PublisherContract, Seen
from uasocial.testing.contract.pictures import album
from uasocial.testing.loopback import Answer, Request


class Containers(HttpNetwork):
    """The container network, behind the proxy of the contract."""

    def __init__(self) -> None:
        self.fake = ContainerNetwork()
        super().__init__(self.fake.url)
        self.settings, self.secrets = {"url": self.url}, {"token": self.fake.token}
        self.owner = self.fake.owner

    def is_create(self, request: Request) -> bool:
        return request.path == "/publish"

    def too_many(self, seconds: int) -> Answer:
        """Say it in the body, in minutes, as Meta's API does for a business."""
        minutes = math.ceil(seconds / 60)
        error = {"code": 4, "message": "Too many", "estimated_time_to_regain_access": minutes}
        return Answer(400, json.dumps({"error": error}).encode())

    def seen(self) -> list[Seen]:
        return [Seen(post.id, post.text, post.alts, post.reply_to) for post in self.fake.posts]

    def revoke(self) -> None:
        self.fake.token = "another"

    def close(self) -> None:
        super().close()
        self.fake.close()


class TestContainers(PublisherContract):
    kind = CONTAINERS
    kind_at = "uasocial.testing.container_publisher:CONTAINERS"

    @pytest.fixture
    def network(self):
        with Containers() as network:
            yield network

    def test_a_picture_that_is_not_ready_puts_off_and_is_not_sent_twice(self, desk, network):
        """What was prepared so far comes back: its containers are asked for, and not made again."""
        network.fake.polls = 3
        (delivery,) = desk.plan(desk.post("Later", *album(2)))
        assert desk.finish(delivery).state == "sent"
        assert len(desk.row(delivery).prepared["pictures"]) == 2
        assert network.seen()[0].remote_id == "4", "two pictures, one container, one post"


def test_a_container_that_is_not_ready_cannot_be_published():
    with ContainerNetwork() as network:
        publisher = ContainerPublisher(network.url, network.token)
        picture = publisher._asked("POST", "/containers", {"image": "aGk=", "alt_text": "hi"})["id"]
        with pytest.raises(Rejected, match="not ready"):
            publisher._asked("POST", "/publish", {"creation_id": picture})
        assert not publisher._is_finished(picture)
        assert publisher._is_finished(picture)
        assert network.posts == []
