"""What lies near a plot is worked out twice, kept for searches and anew for its page: both tell the same."""

import pytest

from layers.access import Reader
from layers.catalogue import catalogue_of
from layers.plots.nearby import nearby
from layers.plots.parameters import UTILITIES
from layers.plots.search import find
from layers.plots.terms import Terms
from registries.core.models import Audience
from registries.networks.models import Network, Status
from tests.layers.plots.market import TODAY


@pytest.mark.django_db
@pytest.mark.usefixtures("published_market")
@pytest.mark.parametrize("audience", [Audience.PUBLIC, Audience.INTERNAL])
def test_a_list_and_a_page_tell_the_same_distances(audience: Audience) -> None:
    networks = Network.objects.filter(visibility__lte=audience).values_list("pk", flat=True)
    catalogue = catalogue_of(Reader(audience, tuple(networks)))
    rows = find(catalogue, Terms(), 40, on=TODAY).rows
    on_pages = []
    for row in rows:
        lines = [one for one in nearby(catalogue, row.id) if one.is_line and one.status == Status.FUNCTIONAL]
        # The nearest stand first.
        on_pages.append({one.theme: one.distance_m for one in reversed(lines) if one.theme in UTILITIES})
    assert on_pages == [pytest.approx(dict(row.near)) for row in rows]
    assert any(on_pages)
