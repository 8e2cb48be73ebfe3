from pathlib import Path

import pytest

from gis_portal.ops.archive import server
from registries.core.errors import Unavailable


def test_a_password_goes_by_the_environment():
    variables, rest = server.split({"host": "db", "user": "gis", "password": "s3cret", "dbname": "portal"})
    assert variables == {"PGHOST": "db", "PGUSER": "gis", "PGPASSWORD": "s3cret"}
    assert rest == {"dbname": "portal"}


def test_programs_are_those_of_the_servers_version():
    assert server.find("pg_dump", 15).is_file()


def test_a_program_that_is_missing_is_told_with_its_package(monkeypatch):
    monkeypatch.setattr(server, "DEBIAN_VERSIONS", Path("/nowhere"))
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(Unavailable, match="postgresql-client-15"):
        server.find("pg_dump", 15)


def test_an_older_program_does_not_do():
    with pytest.raises(Unavailable, match="PostgreSQL 99"):
        server.find("pg_dump", 99)
