"""What is wrong with this installation, told by `manage.py check`; each finding has an id and says what to do.

Those that ask the database run with `--database default` and before `migrate`.
"""

from collections.abc import Iterable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import connections

from gis_portal import finders
from gis_portal.setup import packages
from gis_portal.setup.postgres import MINIMUM_POSTGIS, MINIMUM_POSTGRESQL

# Django's own measure for a key (security.W009), which only `--deploy` applies.
KEY_LENGTH = 50
KEY_VARIETY = 5

Apps = Sequence[AppConfig] | None


@register(Tags.database)
def database_versions(app_configs: Apps, databases: Iterable[str] | None = None, **options: Any) -> list[CheckMessage]:
    return [problem for name in databases or () for problem in _versions(name)]


def _versions(name: str) -> list[CheckMessage]:
    with connections[name].cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('server_version_num')::int / 10000, (SELECT coalesce(installed_version,"
            " default_version) FROM pg_available_extensions WHERE name = 'postgis')"
        )
        major, postgis = cursor.fetchone()
    return judge_versions(major, postgis or "")


def judge_versions(major: int, postgis: str) -> list[CheckMessage]:
    """`postgis` is a version such as `3.3.2`, or empty when the server has none."""
    found: list[CheckMessage] = []
    if major < MINIMUM_POSTGRESQL:
        hint = f"Move the database to PostgreSQL {MINIMUM_POSTGRESQL} or newer."
        found.append(Error(f"PostgreSQL {major} is too old.", hint=hint, id="portal.E001"))
    if tuple(int(part) for part in postgis.split(".")[:2] if part.isdecimal()) < MINIMUM_POSTGIS:
        hint = f"Install PostGIS {'.'.join(map(str, MINIMUM_POSTGIS))} or newer on the database server."
        found.append(Error(f"PostGIS {postgis or 'is missing or'} is too old.", hint=hint, id="portal.E002"))
    return found


@register(Tags.database)
def reference_system(app_configs: Apps, databases: Iterable[str] | None = None, **options: Any) -> list[CheckMessage]:
    return [problem for name in databases or () for problem in _reference_system(name)]


def _reference_system(name: str) -> list[CheckMessage]:
    srid = settings.REGISTRY_SRID
    with connections[name].cursor() as cursor:
        cursor.execute("SELECT to_regclass('spatial_ref_sys')")
        if cursor.fetchone() == (None,):
            # `migrate` has yet to create PostGIS, and checks again afterwards.
            return []
        cursor.execute("SELECT srtext FROM spatial_ref_sys WHERE srid = %s", [srid])
        row = cursor.fetchone()
    hint = "Set REGISTRY_SRID to a projected system in metres that PostGIS knows, such as 7801."
    if row is None:
        return [Error(f"PostGIS does not know the reference system {srid}.", hint=hint, id="portal.E003")]
    if not row[0].startswith("PROJCS"):
        text = f"The reference system {srid} is not projected: areas and lengths would be in degrees."
        return [Error(text, hint=hint, id="portal.E004")]
    return []


@register()
def renderer(app_configs: Apps, **options: Any) -> list[CheckMessage]:
    if find_spec("mapnik"):
        return []
    hint = "Install the locked dependencies (`pip install --require-hashes -r gis_portal/setup/requirements.lock`)."
    return [Error("Mapnik, which draws WMS and WMTS maps, is not installed.", hint=hint, id="portal.E005")]


@register(Tags.security)
def secret_key(app_configs: Apps, **options: Any) -> list[CheckMessage]:
    key = str(settings.SECRET_KEY)
    if settings.DEMO or settings.DEBUG or (len(key) >= KEY_LENGTH and len(set(key)) >= KEY_VARIETY):
        return []
    hint = (
        f"Set SECRET_KEY to at least {KEY_LENGTH} random characters, such as the output of "
        "`python3 -c 'import secrets; print(secrets.token_urlsafe(50))'`."
    )
    return [Error("SECRET_KEY is weak: whoever guesses it can sign in as anyone.", hint=hint, id="portal.E006")]


@register(Tags.staticfiles)
def frontend(app_configs: Apps, **options: Any) -> list[CheckMessage]:
    if all((finders.PACKAGES / path).is_file() for path in finders.PUBLISHED.values()):
        return []
    hint = "Run `npm ci --ignore-scripts` in gis_portal/frontend; `manage.py demo` does it by itself."
    return [Warning("The map's libraries are not installed.", hint=hint, id="portal.W001")]


@register()
def printing(app_configs: Apps, **options: Any) -> list[CheckMessage]:
    lacking = packages.lacking_for_print()
    if not lacking:
        return []
    hint = f"Run `{packages.line(lacking)}`; everything else works without."
    return [Warning(f"PDF files cannot be made: the system lacks {', '.join(lacking)}.", hint=hint, id="portal.W003")]


@register(Tags.translation)
def translations(app_configs: Apps, **options: Any) -> list[CheckMessage]:
    stale = [source for folder in settings.LOCALE_PATHS for source in Path(folder).rglob("*.po") if _is_stale(source)]
    hint = "Run `manage.py prepare translations`."
    text = "Translations are not compiled: {}."
    return [
        Warning(text.format(source.relative_to(settings.BASE_DIR)), hint=hint, id="portal.W002") for source in stale
    ]


def _is_stale(source: Path) -> bool:
    compiled = source.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime
