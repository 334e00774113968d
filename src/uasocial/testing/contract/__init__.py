"""What every publisher must do, as tests to inherit, and what they need of a network.

A package's tests say which kind they test and against what; the tests follow from what the kind and
its publisher declare:

    class TestX(PublisherContract):
        kind = X

        @pytest.fixture
        def network(self):
            with XNetwork() as network:
                yield network
"""

from uasocial.testing.contract.accounts import AccountContract
from uasocial.testing.contract.basis import Contract, only
from uasocial.testing.contract.crashes import CrashContract
from uasocial.testing.contract.desk import Desk
from uasocial.testing.contract.http import HttpNetwork
from uasocial.testing.contract.network import Network, Seen
from uasocial.testing.contract.outcomes import OutcomeContract
from uasocial.testing.contract.pictures import PictureContract
from uasocial.testing.contract.secrecy import SecrecyContract
from uasocial.testing.contract.texts import TextContract

__all__ = ["Contract", "Desk", "HttpNetwork", "Network", "PublisherContract", "Seen", "only"]


class PublisherContract(
    TextContract,
    PictureContract,
    OutcomeContract,
    CrashContract,
    AccountContract,
    SecrecyContract,
):
    """All that a publisher must do; see `Contract` for what a subclass says of its own."""
