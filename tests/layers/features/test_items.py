"""One feature as it is read back, in a transaction of its own as on a server."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from registries.core.models import AuditEntry, User
from tests.layers.features.api import Api
from tests.layers.served import Served


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("form", ["json", "html"])
def test_who_sees_more_than_the_public_reads_one_feature_and_the_audit_knows(served: Served, olena: User, form: str):
    answer = Api.of(olena).get(f"collections/water_pipe/items/{served.pipes[0].object_id}?f={form}")
    assert answer.status == 200
    assert AuditEntry.objects.get(action="export").subject == "layer water_pipe"


@pytest.mark.django_db(transaction=True)
def test_of_requests_at_once_by_one_tag_one_comes_true(served: Served, olena: User):
    address = f"collections/water_pipe/items/{served.pipes[0].object_id}"
    secret = Api.of(olena).secret
    tag = Api(secret=secret).get(address).headers["ETag"]
    start, found = threading.Barrier(4), list[int]()

    def save(number: int) -> None:
        start.wait()
        body = {"properties": {"label": f"P-{number}"}}
        found.append(Api(secret=secret).ask("PATCH", address, body, **{"If-Match": tag}).status)
        connection.close()

    threads = [threading.Thread(target=save, args=[number]) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [204, 412, 412, 412]
