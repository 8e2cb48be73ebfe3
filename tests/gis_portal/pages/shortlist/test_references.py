"""Which plots an address names: what cannot be shown is told, the rest is shown."""

import pytest
from django.http import QueryDict
from django.utils import translation

from gis_portal.pages.shortlist.references import Chosen, choose, listed, texts
from layers.catalogue import catalogue_at
from registries.changes.edits import Edit
from registries.land.models import Plot
from tests.conftest import square
from tests.flows import world


def chosen(*values: str) -> Chosen:
    with translation.override("en"):
        return choose(catalogue_at(None, None), values)


def codes(*values: str) -> list[str]:
    return [plot.code for plot in chosen(*values).plots]


@pytest.fixture
def named_twice(corner, publish) -> None:
    """A second zone with a plot П-1, too."""
    zone = Edit.create("land.zone", {"code": "west", "name": "Запад"}, square(2000, 0, 500))
    publish([zone])
    columns = {"code": "П-1", "zone": zone.object_id, "status": "available"}
    publish([Edit.create("land.plot", columns, square(2010, 10))])


@pytest.mark.parametrize(
    "values",
    [("east/П-2,east/П-1",), ("east/П-2", "east/П-1"), ("П-2, П-1",), (" П-2 ", ",,П-1,")],
    ids=["commas", "repeated", "bare", "untidy"],
)
def test_plots_are_shown_in_the_order_in_which_they_are_named(corner, values):
    assert codes(*values) == ["П-2", "П-1"]


def test_a_bare_code_that_several_zones_have_is_asked_back(named_twice):
    found = chosen("П-1", "П-2")
    assert [plot.code for plot in found.plots] == ["П-2"]
    assert found.remarks == ["Several zones have a plot П-1. Say which: east/П-1, west/П-1."]


def test_with_its_zone_it_is_that_zones(named_twice):
    assert [plot.zone.code for plot in chosen("west/П-1").plots] == ["west"]


def test_a_code_may_be_written_as_on_the_telephone(named_twice):
    assert [plot.zone.code for plot in chosen("west/p1").plots] == ["west"]
    assert codes("p 2") == ["П-2"]


def test_a_plot_named_twice_is_shown_once_and_said_so(corner):
    found = chosen("П-1,east/П-1,П-1")
    assert len(found.plots) == 1
    assert found.remarks == ["Plot П-1 was named twice; it is shown once."]


def test_five_stand_side_by_side_and_the_rest_is_named(corner):
    found = chosen("П-1,П-2,П-3,П-4,П-5,П-6")
    assert [plot.code for plot in found.plots] == ["П-1", "П-2", "П-3", "П-4", "П-5"]
    assert found.remarks == ["Side by side there is room for 5 plots. Left out: П-6."]


def test_an_unknown_plot_is_told(corner):
    assert chosen("П-99").remarks == ["There is no plot П-99."]


def test_a_withdrawn_plot_is_told_and_not_shown(corner, publish):
    publish([Edit.update("land.plot", world.plot_id(2), {"status": "withdrawn"})])
    found = chosen("П-1,П-2")
    assert [plot.code for plot in found.plots] == ["П-1"]
    assert found.remarks == ["Plot П-2 has been withdrawn and is no longer offered."]


def test_a_removed_plot_is_told_apart_from_one_that_never_was(corner, publish):
    publish([Edit.delete("land.plot", world.plot_id(3))])
    assert chosen("east/П-3").remarks == ["Plot east/П-3 is no longer in the registry."]


def test_what_is_endless_is_read_no_further(corner):
    found = chosen(",".join(f"x{number}" for number in range(500)))
    assert len(found.remarks) == 21


@pytest.mark.parametrize("value", ["\x00", "%", "%00", "/", "//", "П" * 5000, "'; DROP TABLE", "%ff%fe"])
def test_hostile_text_is_an_unknown_plot(corner, value):
    assert chosen(value).plots == []


def test_a_code_with_a_comma_or_a_slash_survives_the_address(corner, publish):
    names = {4: "A,1", 5: "B/2", 6: "50%25"}
    publish([Edit.update("land.plot", world.plot_id(number), {"code": code}) for number, code in names.items()])
    plots = list(Plot.objects.filter(code__in=names.values()).select_related("zone").order_by("code"))
    assert texts([_decoded(listed(plots))]) == ["east/50%25", "east/A,1", "east/B/2"]
    assert codes(_decoded(listed(plots))) == ["50%25", "A,1", "B/2"]


def _decoded(query: str) -> str:
    return QueryDict(f"plots={query}").get("plots", "")
