"""`.venv` is made once, made anew when that was interrupted, and brought up to date when the lock file changes."""

import sys

import pytest

from gis_portal.setup import environment, machine
from gis_portal.setup.errors import SetupError


@pytest.fixture
def root(tmp_path, monkeypatch):
    """A clone that needs no packages at all, so that making its environment asks no registry."""
    for name in ("_RUN", "_DEV"):
        lock = tmp_path / f"{name}.lock"
        lock.write_text(f"# {name}\n")
        monkeypatch.setattr(environment, name, lock)
    return tmp_path


@pytest.fixture
def bare(root):
    """The same, started by a Python that lacks what the clone needs."""
    for lock in (environment._RUN, environment._DEV):
        lock.write_text(f"no-such-package==1.0\n# {lock.name}\n")
    return root


def installed_from(lock, root):
    """A `.venv` as a finished installation leaves it."""
    python = environment._python(root)
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    environment._stamp(root).write_text(environment._digest(lock))
    return python


def test_an_active_environment_with_the_dependencies_is_used_as_it_is(root):
    assert str(environment.interpreter(root)) == sys.executable


def test_a_fresh_clone_has_none(bare):
    assert environment.interpreter(bare) is None


def test_what_was_made_for_running_is_found_again(bare):
    python = installed_from(environment._RUN, bare)
    assert environment.interpreter(bare) == python


def test_what_was_made_for_running_is_not_enough_for_development(bare):
    installed_from(environment._RUN, bare)
    assert environment.interpreter(bare, dev=True) is None


def test_what_was_made_for_development_is_enough_for_running(bare):
    python = installed_from(environment._DEV, bare)
    assert environment.interpreter(bare) == environment.interpreter(bare, dev=True) == python


def test_a_changed_lock_file_is_noticed(bare):
    installed_from(environment._RUN, bare)
    environment._RUN.write_text("no-such-package==2.0\n")
    assert environment.interpreter(bare) is None


def test_an_environment_whose_python_is_gone_is_not_used(bare):
    python = installed_from(environment._RUN, bare)
    python.unlink()
    python.symlink_to("/nowhere/python3")
    assert environment.interpreter(bare) is None
    assert not environment.exists(bare)


def test_an_interrupted_making_starts_afresh_and_ends_whole(root):
    half_copied = root / ".venv" / "lib" / "half-copied"
    half_copied.parent.mkdir(parents=True)
    half_copied.touch()
    (root / ".venv" / "unfinished").touch()
    environment.make(root)
    assert not half_copied.exists()
    assert environment.exists(root)
    assert environment._is_current(root, dev=False)


def test_a_clone_without_a_map_needs_no_npm(root):
    environment.install_scripts(root, root / "no-python")


def test_a_disk_without_room_is_told_before_anything_is_made(bare, monkeypatch):
    monkeypatch.setattr(machine, "ROOM_BYTES", 10**18)
    with pytest.raises(SetupError, match="nearly full"):
        machine.provide(bare, database=False)
    assert not (bare / ".venv").exists()
