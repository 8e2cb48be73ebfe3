from collections.abc import Iterator

import pytest
from django.db import connection, connections


@pytest.fixture
def unreachable_database(db) -> Iterator[None]:
    """The portal's connection leads where no server is."""
    works = connections["default"]
    lost = connection.copy()
    lost.settings_dict["HOST"] = "/nowhere"
    connections["default"] = lost
    yield
    connections["default"] = works
