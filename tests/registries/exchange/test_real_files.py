"""The real files: Plovdiv out of OpenStreetMap, the sewer of Zaatari, Spanish parcels."""

from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from registries.changes import door
from registries.core.models import User
from registries.exchange.importer import Report
from registries.land import pattern
from registries.land.models import Parcel, Zone
from registries.networks.catalogue import load as load_catalogue
from registries.networks.models import Link, Node
from tests.registries.exchange.conftest import Import

PROFILES = Path(__file__).parent.parent.parent.parent / "fixtures" / "profiles"
PLOVDIV = "osm_plovdiv/plovdiv_bbbike.osm.pbf"
WORLD = [-180.0, -90.0, 180.0, 90.0]


def published(report: Report, boris: User) -> Report:
    assert report.balanced()
    assert report.change_set is not None
    door.approve(boris, report.change_set, "For a test.")
    door.publish(boris, report.change_set)
    return report


def test_plovdivs_industrial_areas_become_zones(real_data: Path, run: Import, boris: User) -> None:
    profile = PROFILES / "osm_industrial_zones.json"
    report = published(run(real_data / PLOVDIV, "zones", layer="multipolygons", profile=profile), boris)
    # One of the 71 areas is a ring of two points.
    assert (report.read, report.created, len(report.refused)) == (71, 70, 1)
    assert Zone.objects.filter(name__regex="[А-я]").exists()


def test_plovdivs_power_lines_and_towers_become_a_network(real_data: Path, run: Import, boris: User) -> None:
    load_catalogue()
    options = {"network": "Пловдив", "zone": "none"}
    lines = PROFILES / "osm_power_lines.json"
    published(run(real_data / PLOVDIV, "electricity_line_hv", layer="lines", profile=lines, **options), boris)
    towers = PROFILES / "osm_power_towers.json"
    report = published(run(real_data / PLOVDIV, "electricity_tower", layer="points", profile=towers, **options), boris)
    assert report.created == Node.objects.count() > 600
    assert Link.objects.filter(voltage_kv=110).exists()


@pytest.mark.parametrize("name", ["Pipes_SolidFree_2017_03.shp.zip", "Pipes_SolidFree_2017_03.kml"])
def test_the_sewer_of_zaatari(real_data: Path, run: Import, boris: User, settings: Settings, name: str) -> None:
    settings.REGISTRY_EXTENT = WORLD
    load_catalogue()
    path = real_data / "zaatari_sewer" / name
    report = published(run(path, "sewer_pipe", network="Zaatari", zone="none"), boris)
    # Twelve pipes cross themselves or end where they begin.
    assert (report.read, report.created, len(report.refused)) == (2096, 2084, 12)
    assert run(path, "sewer_pipe", network="Zaatari", zone="none").unchanged == 2084


def test_spanish_parcels_under_a_relaxed_pattern(real_data: Path, run: Import, boris: User, settings: Settings) -> None:
    settings.REGISTRY_EXTENT = WORLD
    settings.CADASTRAL_REFERENCE_PATTERN = "^[0-9A-Z]{14}$"
    pattern.enforce()
    path, profile = real_data / "cadastre_es" / "parcel.gpkg", PROFILES / "inspire_parcels.json"
    report = published(run(path, "parcels", profile=profile, zone="none"), boris)
    assert report.read == 186
    assert report.created == Parcel.objects.count() >= 180


def test_spanish_parcels_are_refused_under_the_bulgarian_pattern(
    real_data: Path, run: Import, olena: User, settings: Settings
) -> None:
    settings.REGISTRY_EXTENT = WORLD
    path, profile = real_data / "cadastre_es" / "parcel.gpkg", PROFILES / "inspire_parcels.json"
    report = run(path, "parcels", profile=profile, zone="none")
    assert (report.created, len(report.refused)) == (0, 186)
