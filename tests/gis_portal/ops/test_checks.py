import sys
from pathlib import Path

import pytest
from django.core.checks import run_checks

from gis_portal import finders
from gis_portal.ops import checks
from gis_portal.setup import packages


def ids(found) -> list[str]:
    return [message.id for message in found]


def told(found, id: str) -> bool:
    """Exactly this finding, with the way out."""
    return ids(found) == [id] and all(message.hint for message in found)


@pytest.mark.django_db
def test_this_installation_has_no_findings_from_the_database():
    assert not ids(run_checks(databases=["default"], tags=["database"]))


def test_gdal_is_new_enough_for_django():
    assert "gis.W001" not in ids(run_checks())


@pytest.mark.parametrize(("major", "postgis", "id"), [(14, "3.3.2", "E001"), (15, "3.2.9", "E002"), (15, "", "E002")])
def test_an_old_database_is_told(major, postgis, id):
    assert told(checks.judge_versions(major, postgis), f"portal.{id}")


def test_the_oldest_supported_database_passes():
    assert checks.judge_versions(15, "3.3.0") == []


@pytest.mark.django_db
@pytest.mark.parametrize(("srid", "id"), [(999_999, "E003"), (4326, "E004")])
def test_a_reference_system_that_cannot_measure_is_told(settings, srid, id):
    settings.REGISTRY_SRID = srid
    assert told(checks.reference_system(None, ["default"]), f"portal.{id}")


def test_no_database_is_asked_unless_wanted():
    # Without the `db` mark every query fails the test.
    assert checks.database_versions(None) == []
    assert checks.reference_system(None, None) == []


def test_a_missing_renderer_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "mapnik", None)
    assert told(checks.renderer(None), "portal.E005")


@pytest.mark.parametrize("key", ["short", "a" * 60])
def test_a_weak_key_is_told_in_production(settings, key):
    settings.DEMO, settings.DEBUG, settings.SECRET_KEY = False, False, key
    assert told(checks.secret_key(None), "portal.E006")


def test_a_strong_key_passes_in_production(settings):
    settings.DEMO, settings.DEBUG = False, False
    settings.SECRET_KEY = "0123456789abcdefghijklmnopqrstuvwxyz-0123456789-ABCDEF"
    assert checks.secret_key(None) == []


def test_libraries_of_the_map_that_are_not_installed_are_told(monkeypatch, tmp_path):
    monkeypatch.setattr(finders, "PACKAGES", tmp_path)
    assert told(checks.frontend(None), "portal.W001")


def test_installed_libraries_pass(monkeypatch, tmp_path):
    monkeypatch.setattr(finders, "PACKAGES", tmp_path)
    for path in finders.PUBLISHED.values():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).touch()
    assert checks.frontend(None) == []


@pytest.fixture
def translation(settings, tmp_path) -> Path:
    settings.BASE_DIR, settings.LOCALE_PATHS = tmp_path, [tmp_path]
    source = tmp_path / "bg" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.write_text('msgid ""\nmsgstr ""\n')
    return source


def test_a_translation_that_was_never_compiled_is_told(translation):
    assert told(checks.translations(None), "portal.W002")


def test_a_compiled_translation_passes(translation):
    translation.with_suffix(".mo").touch()
    assert checks.translations(None) == []


def test_missing_libraries_for_pdf_files_are_told_with_the_line_to_run(monkeypatch):
    monkeypatch.setattr(packages, "lacking_for_print", lambda: ("libpango-1.0-0",))
    found = checks.printing(None)
    assert told(found, "portal.W003")
    assert "apt-get install -y --no-install-recommends libpango-1.0-0" in str(found[0].hint)
