"""Which installations count: checked on directories laid out as packages lay them out."""

from pathlib import Path

import pytest

from gis_portal.setup import postgres
from gis_portal.setup.errors import SetupError


@pytest.fixture
def versions(tmp_path, monkeypatch):
    monkeypatch.setattr(postgres, "DEBIAN_VERSIONS", tmp_path)
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    return tmp_path


def install(versions: Path, major: int, postgis: str | None) -> None:
    binaries, share = versions / str(major) / "bin", versions / str(major) / "share"
    binaries.mkdir(parents=True)
    (share / "extension").mkdir(parents=True)
    program(binaries / "postgres", f"postgres (PostgreSQL) {major}.2")
    program(binaries / "pg_config", str(share))
    if postgis:
        (share / "postgis-3.so").touch()
    for name in postgres.EXTENSIONS:
        if postgis or name != "postgis":
            (share / "extension" / f"{name}.control").write_text(f"default_version = '{postgis}'\n")


def program(path: Path, says: str) -> None:
    path.write_text(f"#!/bin/sh\necho '{says}'\n")
    path.chmod(0o755)


def test_the_newest_is_taken(versions):
    install(versions, 15, "3.3.2")
    install(versions, 17, "3.5.0")
    assert postgres.find().major == 17


def test_data_of_an_older_version_keep_their_server(versions):
    install(versions, 15, "3.3.2")
    install(versions, 17, "3.5.0")
    assert postgres.find(15).major == 15


@pytest.mark.parametrize(
    ("major", "postgis", "said"),
    [
        (14, "3.3.2", "this machine has PostgreSQL 14 with PostGIS 3.3.2"),
        (15, "3.2.9", "this machine has PostgreSQL 15 with PostGIS 3.2.9"),
        (15, None, "this machine has PostgreSQL 15 with PostGIS missing"),
    ],
)
def test_one_that_is_too_old_or_lacks_postgis_is_refused_by_name(versions, major, postgis, said):
    install(versions, major, postgis)
    with pytest.raises(SetupError, match=said) as refusal:
        postgres.find()
    assert refusal.value.code == 3


def test_postgis_without_its_library_does_not_count(versions):
    install(versions, 15, "3.3.2")
    (versions / "15" / "share" / "postgis-3.so").unlink()
    assert not postgres.available()


def test_a_machine_without_any_says_so(versions):
    with pytest.raises(SetupError, match=r"PostgreSQL 15 or newer with PostGIS 3.3 or newer is needed; .* has none"):
        postgres.find()
