import pytest

from registries.core.models import User
from tests.layers.served import Served
from tests.layers.wfs.transactions.editor import Editor


@pytest.fixture
def editor(served: Served, olena: User) -> Editor:
    """Olena, before the small published world."""
    return Editor.of(olena)


@pytest.fixture
def hydrant_id(served: Served) -> str:
    """The published hydrant as this address calls it."""
    return f"water_hydrant.{served.hydrants[0].object_id}.v1"
