import pytest

from registries.networks.models import Network
from tests.conftest import Publish
from tests.layers.served import Served, build


@pytest.fixture
def served(network: Network, publish: Publish) -> Served:
    return build(network, publish)
