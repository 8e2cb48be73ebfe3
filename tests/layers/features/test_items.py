"""One feature as it is read back, in a transaction of its own as on a server."""

from __future__ import annotations

import pytest

from registries.core.models import AuditEntry, User
from tests.layers.features.api import Api
from tests.layers.served import Served


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("form", ["json", "html"])
def test_who_sees_more_than_the_public_reads_one_feature_and_the_audit_knows(served: Served, olena: User, form: str):
    answer = Api.of(olena).get(f"collections/water_pipe/items/{served.pipes[0].object_id}?f={form}")
    assert answer.status == 200
    assert AuditEntry.objects.get(action="export").subject == "layer water_pipe"
