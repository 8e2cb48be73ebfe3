"""`manage.py prepare` brings an installation in line with its code."""

import gettext

import pytest
from django.core.management import CommandError, call_command

from gis_portal.management.commands import prepare
from gis_portal.ops import checks

CATALOGUE = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "plot"\nmsgstr "{}"\n'


@pytest.fixture
def source(settings, tmp_path):
    settings.BASE_DIR = tmp_path
    settings.LOCALE_PATHS = [tmp_path / "locale"]
    path = tmp_path / "locale" / "bg" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    path.write_text(CATALOGUE.format("терен"), encoding="utf-8")
    return path


def translated(source, word):
    with source.with_suffix(".mo").open("rb") as compiled:
        return gettext.GNUTranslations(compiled).gettext(word)


def test_translations_are_compiled(source):
    call_command("prepare", "translations")
    assert translated(source, "plot") == "терен"


def test_changed_translations_are_compiled_again(source):
    call_command("prepare", "translations")
    source.write_text(CATALOGUE.format("парцел"), encoding="utf-8")
    call_command("prepare", "translations")
    assert translated(source, "plot") == "парцел"


def test_unchanged_translations_are_left_alone(source):
    call_command("prepare", "translations")
    before = source.with_suffix(".mo").stat().st_ino
    call_command("prepare", "translations")
    assert source.with_suffix(".mo").stat().st_ino == before


@pytest.mark.django_db
def test_a_database_that_is_too_old_is_refused_before_it_is_changed(monkeypatch):
    monkeypatch.setattr(checks, "MINIMUM_POSTGIS", (9, 9))
    with pytest.raises(CommandError, match=r"Install PostGIS 9\.9 or newer"):
        prepare.migrate()


@pytest.mark.django_db
def test_the_demonstration_counts_as_loaded_for_one_state_of_its_fixtures(monkeypatch, tmp_path):
    monkeypatch.setattr(prepare, "FIXTURES", tmp_path)
    (tmp_path / "zone.json").write_text("1")
    first = prepare._state_of_demo()
    (tmp_path / "zone.json").write_text("2")
    assert prepare._state_of_demo() != first


def test_an_unknown_step_is_refused():
    with pytest.raises(CommandError, match="invalid choice: 'coffee'"):
        call_command("prepare", "coffee")
