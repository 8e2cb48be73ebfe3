import pytest
from django.contrib.staticfiles import finders

from gis_portal.finders import PACKAGES, PUBLISHED, NodeModulesFinder


def test_every_published_file_is_installed():
    missing = [path for path in PUBLISHED if not finders.find(path)]
    assert not missing, "Run `npm ci` in gis_portal/frontend, or correct the list of published files."


@pytest.mark.parametrize(
    "path",
    [
        "vendor/axe-core/axe.min.js",
        "vendor/protomaps-leaflet/../../.package-lock.json",
        "vendor/protomaps-leaflet/package.json",
    ],
)
def test_nothing_else_of_the_packages_is_published(path):
    assert finders.find(path) is None


def test_collecting_takes_just_the_list():
    assert {path for path, _ in NodeModulesFinder().list([])} == set(PUBLISHED)


def test_the_lock_names_no_registry():
    lock = (PACKAGES.parent / "package-lock.json").read_text()
    assert "resolved" not in lock
    assert "://registry" not in lock
