"""Pictures arrive in their order, each with its alt text."""
# ruff: noqa: S101 - tests to inherit

from collections.abc import Callable
from functools import cache
from io import BytesIO

from uasocial.platforms.pictures import picture_limits
from uasocial.testing.contract.basis import Contract, only
from uasocial.testing.contract.desk import Desk, Picture
from uasocial.testing.contract.network import Network

__all__ = ["PictureContract", "album"]

SIZE = (64, 48)
COLOURS = ("red", "green", "blue", "white")
ALTS = ("Belkori at the gate", "The gate, أبواب, closed & <locked> 🔒", "Third", "Fourth")


@cache
def _jpeg(colour: str) -> bytes:
    from PIL import Image  # noqa: PLC0415 - only who tests pictures

    out = BytesIO()
    Image.new("RGB", SIZE, colour).save(out, "JPEG")
    return out.getvalue()


def album(count: int) -> list[Picture]:
    """Return pictures that differ, each with its alt text."""
    chosen = list(zip(COLOURS, ALTS, strict=True))[:count]
    return [Picture(_jpeg(colour), alt, *SIZE) for colour, alt in chosen]


def _takes(count: int) -> Callable[[type[Contract]], bool]:
    return lambda contract: contract.kind.media is None or contract.kind.media >= count


class PictureContract(Contract):
    """The pictures of a publisher that takes any."""

    def alts(self, *pictures: Picture) -> tuple[str, ...]:
        """Return the alt texts that the network should show."""
        return tuple(one.alt if self.shows_alts else "" for one in pictures)

    @only(_takes(1))
    def test_a_picture_goes_out_with_its_alt_text(self, desk: Desk, network: Network) -> None:
        (picture,) = album(1)
        desk.create("One picture", picture)
        (post,) = network.seen()
        assert (post.text, post.alts) == ("One picture", self.alts(picture))

    @only(_takes(2))
    def test_two_pictures_keep_their_order_and_their_alt_texts(
        self, desk: Desk, network: Network
    ) -> None:
        """Through the ledger, whose worker reads them by their digests."""
        pictures = album(2)
        (delivery,) = desk.plan(desk.post("Two pictures", *pictures))
        assert desk.finish(delivery).state == "sent", desk.row(delivery).why
        (post,) = network.seen()
        assert (post.text, post.alts) == ("Two pictures", self.alts(*pictures))

    @only(lambda contract: contract.shows_alts and _takes(1)(contract))
    def test_the_longest_alt_text_is_shown_whole(self, desk: Desk, network: Network) -> None:
        said = desk.publisher.limits()
        longest = (said and said.alt) or picture_limits(desk.platform.name).alt
        alt = f"{'open the gate ' * longest}"[: longest - 1] + "!"
        desk.create("An alt text", album(1)[0]._replace(alt=alt))
        assert network.seen()[0].alts == (alt,)
