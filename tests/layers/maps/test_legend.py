"""Samples of the legend on paper."""

from layers.access import reader_of
from layers.catalogue import catalogue_of
from layers.maps.legend import swatch


def test_each_status_of_a_plot_has_a_look_of_its_own(db):
    plots = catalogue_of(reader_of(None)).get("plots")
    samples = {value: swatch(plots, 2, {"status": value}).tobytes() for value in ("available", "reserved", "occupied")}
    assert len(set(samples.values())) == 3


def test_a_sample_has_something_on_it_for_every_layer_of_land(db):
    for layer in catalogue_of(reader_of(None)):
        assert len(swatch(layer, 2).getcolors(10_000)) > 1, layer.key
