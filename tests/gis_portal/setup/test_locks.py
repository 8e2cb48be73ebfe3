import os
import subprocess
import sys

import pytest

from gis_portal.setup import locks
from gis_portal.setup.errors import SetupError


def test_two_commands_cannot_set_up_one_clone_at_once(tmp_path):
    with locks.only_one(tmp_path), pytest.raises(SetupError, match=r"process \d+"), locks.only_one(tmp_path):
        pass


def test_a_step_that_outlives_its_command_keeps_the_lock(tmp_path):
    sleep = "import subprocess, sys; subprocess.Popen([sys.executable, '-c', 'input()'], close_fds=False)"
    read, write = os.pipe()
    with locks.only_one(tmp_path):
        subprocess.run([sys.executable, "-c", sleep], stdin=read, close_fds=False, check=True)
    with pytest.raises(SetupError, match="is setting this clone up"), locks.only_one(tmp_path):
        pass
    os.close(read)
    os.close(write)


def test_the_lock_is_free_after_a_failure(tmp_path):
    with pytest.raises(ZeroDivisionError), locks.only_one(tmp_path):
        raise ZeroDivisionError
    with locks.only_one(tmp_path):
        pass


def test_a_database_in_use_by_two_is_not_stopped_by_the_first_to_leave(tmp_path):
    with locks.in_use(tmp_path) as first:
        with locks.in_use(tmp_path):
            assert not locks.is_last(first)
        assert locks.is_last(first)
