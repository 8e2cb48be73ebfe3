"""`manage.py` as people meet it: what goes wrong is one sentence, never a traceback."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.gis_portal.setup.conftest import ROOT


def manage(*arguments: str, root: Path = ROOT, python: tuple[str, ...] = (sys.executable,), said: str = "", **env: str):
    """Run `manage.py` as a process of its own; `said` is typed in."""
    command = [*python, "manage.py", *arguments]
    environment = {**os.environ, **env}
    done = subprocess.run(command, cwd=root, env=environment, input=said, capture_output=True, text=True, timeout=60)
    assert "Traceback" not in done.stderr
    return done


@pytest.fixture
def clone(tmp_path):
    """A clone in which nothing was set up."""
    shutil.copy(ROOT / "manage.py", tmp_path)
    shutil.copytree(ROOT / "gis_portal" / "setup", tmp_path / "gis_portal" / "setup")
    (tmp_path / "gis_portal" / "__init__.py").touch()
    return tmp_path


# -S leaves site-packages out: a Python as a fresh machine has it.
BARE = (getattr(sys, "_base_executable", sys.executable), "-S")


def test_a_command_before_the_set_up_says_how_to_set_up(clone):
    done = manage("migrate", root=clone, python=BARE)
    assert done.returncode == 3
    assert "python3 manage.py demo" in done.stderr


def test_a_taken_port_is_told_before_anything_is_set_up(clone):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = manage("demo", "--port", str(port), root=clone, python=BARE)
    assert done.returncode == 1
    assert f"Port {port} cannot be used" in done.stderr
    assert not (clone / ".venv").exists()


@pytest.mark.parametrize("port", ["0", "70000"])
def test_a_number_that_is_no_port_is_refused(clone, port):
    done = manage("demo", "--port", port, root=clone, python=BARE)
    assert done.returncode == 1
    assert f"{port} is not a port" in done.stderr


@pytest.mark.parametrize("answer", ["no\n", "", "\n"])
def test_reset_drops_nothing_unless_told_yes(clone, answer):
    done = manage("demo", "--reset", "--no-serve", root=clone, python=BARE, said=answer, DATABASE_URL="")
    assert done.returncode == 1
    assert "Nothing was dropped." in done.stderr
    assert not (clone / "var").exists()


def test_reset_does_not_touch_a_database_of_somebody_else(clone):
    done = manage("demo", "--reset", "--no-serve", root=clone, python=BARE, said="yes\n", DATABASE_URL="postgis:///x")
    assert done.returncode == 1
    assert "DATABASE_URL names another one" in done.stderr


def test_a_second_set_up_at_the_same_time_is_refused(clone):
    hold = (
        "from pathlib import Path; from gis_portal.setup import locks\nwith locks.only_one(Path('var')): print(input())"
    )
    with subprocess.Popen(
        [*BARE, "-c", hold], cwd=clone, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as first:
        assert first.stdin is not None
        while not (clone / "var" / "setup.lock").is_file() or not (clone / "var" / "setup.lock").read_text():
            assert first.poll() is None
        done = manage("demo", "--no-serve", root=clone, python=BARE)
        first.stdin.write("enough\n")
    assert done.returncode == 1
    assert f"process {first.pid}" in done.stderr


def test_a_command_in_the_background_of_a_shell_hears_an_interrupt(clone):
    listen = "import time; from gis_portal.setup import entry; entry._listen(); print('up', flush=True); time.sleep(60)"
    deaf = ["sh", "-c", 'trap "" INT; exec "$@"', "sh", *BARE, "-c", listen]
    with subprocess.Popen(deaf, cwd=clone, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as command:
        assert command.stdout is not None
        command.stdout.readline()
        command.send_signal(signal.SIGINT)
        assert command.wait(timeout=10) != 0


def test_status_of_a_database_that_was_never_made(clone):
    done = manage("database", "status", root=clone, python=BARE, DATABASE_URL="")
    assert done.returncode == 1
    assert done.stdout.startswith("not made yet")


def test_a_database_of_somebody_else_is_neither_started_nor_stopped(clone):
    for action in ("start", "stop"):
        done = manage("database", action, root=clone, python=BARE, DATABASE_URL="postgis://gis@db.example/zone")
        assert done.returncode == 0
        assert f"there is nothing to {action}" in done.stdout


def test_the_address_of_a_database_of_somebody_else_is_one_that_psql_takes(clone):
    done = manage("database", "url", root=clone, python=BARE, DATABASE_URL="postgis://gis@db.example/zone")
    assert done.stdout == "postgresql://gis@db.example/zone\n"


def test_an_unknown_action_is_refused_with_the_known_ones(clone):
    done = manage("database", "burn", root=clone, python=BARE)
    assert done.returncode == 2
    assert "'status'" in done.stderr


def test_a_setting_that_is_missing_is_named():
    done = manage("check", DEMO="no", DEBUG="no", SECRET_KEY="")
    assert done.returncode == 1
    assert "SECRET_KEY must be set" in done.stderr


def test_a_database_that_does_not_answer_is_told():
    done = manage("showmigrations", DEMO="yes", DATABASE_URL="postgis://gis@127.0.0.1:1/zone")
    assert done.returncode == 1
    assert "manage.py database status" in done.stderr


def test_an_error_of_the_registry_ends_with_its_code(tmp_path):
    """`import_features` of a file that is not there, say: the table of `registries.core.errors` gives the code."""
    script = (
        "import importlib, sys; sys.path.insert(0, '.'); from gis_portal.setup import entry\n"
        "management = importlib.import_module('django.core.management')\n"
        "errors = importlib.import_module('registries.core.errors')\n"
        "def refuse(arguments): raise errors.NotFound('No such layer.', hint='Use another.')\n"
        "management.execute_from_command_line = refuse\n"
        "sys.exit(entry.main(['manage.py', 'import_features']))"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (6, "\nNo such layer.\nUse another.\n")
