"""Who may not install packages gets the line that somebody else has to run."""

import os
from pathlib import Path

import pytest

from gis_portal.setup import machine, packages
from gis_portal.setup.errors import SetupError


def programs(folder: Path, *names: str) -> str:
    for name in names:
        (folder / name).write_text("#!/bin/sh\nexit 1\n")
        (folder / name).chmod(0o755)
    return str(folder)


def test_a_user_without_sudo_gets_the_line_and_code_3(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", programs(tmp_path, "apt-get"))
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(SetupError) as refusal:
        packages.install(["postgresql-postgis"], tmp_path / "log")
    assert refusal.value.code == 3
    assert "sudo sh -c 'apt-get update && " in refusal.value.hint
    assert "postgresql-postgis'" in refusal.value.hint


def test_a_sudo_that_asks_for_a_password_is_not_used(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", programs(tmp_path, "apt-get", "sudo"))
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert packages.may_install() is False


def test_a_machine_without_apt_is_told_of_database_url(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SetupError, match="postgresql-postgis") as refusal:
        packages.install(["postgresql-postgis"], tmp_path / "log")
    assert refusal.value.code == 3
    assert "DATABASE_URL" in refusal.value.hint


def test_an_installation_that_fails_shows_what_apt_said(tmp_path, monkeypatch):
    (tmp_path / "apt-get").write_text("#!/bin/sh\necho E: Unable to fetch some archives\nexit 100\n")
    (tmp_path / "apt-get").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    with pytest.raises(SetupError, match="Unable to fetch some archives"):
        packages.install(["postgresql-postgis"], tmp_path / "log")


def test_nothing_is_done_when_nothing_is_missing(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    packages.install([], tmp_path / "log")
    assert not (tmp_path / "log").exists()


def test_what_makes_pdf_files_is_named_by_its_packages(monkeypatch):
    monkeypatch.setattr(packages, "PRINT", {"libno-such.so.0": "libno-such0", "libc.so.6": "libc6"})
    packages.lacking_for_print.cache_clear()
    try:
        assert packages.lacking_for_print() == ("libno-such0",)
    finally:
        packages.lacking_for_print.cache_clear()


def test_without_pdf_libraries_the_set_up_goes_on_and_says_the_line(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(packages, "lacking_for_print", lambda: ("libpango-1.0-0",))
    monkeypatch.setenv("PATH", programs(tmp_path, "apt-get"))
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    machine.provide_print(tmp_path)
    assert "sudo sh -c 'apt-get update && " in capsys.readouterr().out


def test_pdf_libraries_that_cannot_be_installed_do_not_stop_the_set_up(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(packages, "lacking_for_print", lambda: ("libpango-1.0-0",))
    (tmp_path / "apt-get").write_text("#!/bin/sh\nexit 100\n")
    (tmp_path / "apt-get").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    machine.provide_print(tmp_path)
    assert "No PDF files" in capsys.readouterr().out
