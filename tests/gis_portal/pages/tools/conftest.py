import pytest

from tests.conftest import Publish
from tests.flows import world


@pytest.fixture
def corner(publish: Publish) -> None:
    """The corner of a zone that the browser's journeys walk through, too."""
    world.asset_types()
    publish([*world.land(), *world.networks()])
