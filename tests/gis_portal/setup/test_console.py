"""Steps tell that they began, that they live, how they ended."""

import sys

import pytest

from gis_portal.setup import console
from gis_portal.setup.errors import SetupError


def test_a_step_tells_its_beginning_and_its_duration(capsys, tmp_path):
    console.run("Counting", [sys.executable, "-c", "pass"], tmp_path / "log")
    begun, done = capsys.readouterr().out.splitlines()
    assert begun.endswith("Counting …")
    assert "Counting: done in " in done


def test_a_failure_shows_the_end_of_the_output_and_where_the_rest_is(tmp_path):
    speak = "print(*range(100), sep='\\n'); raise SystemExit(1)"
    with pytest.raises(SetupError) as failure:
        console.run("Counting", [sys.executable, "-c", speak], tmp_path / "log")
    assert str(failure.value).splitlines()[-1] == "99"
    assert "\n5\n" not in str(failure.value)
    assert str(tmp_path / "log") in failure.value.hint


def test_a_full_disk_is_called_by_its_name(tmp_path):
    # /dev/full answers each write as a full disk does.
    speak = "open('/dev/full', 'w').write('x' * 10**6)"
    with pytest.raises(SetupError) as failure:
        console.run("Copying", [sys.executable, "-c", speak], tmp_path / "log")
    assert "The disk is full: make room" in failure.value.hint


def test_a_step_that_is_interrupted_leaves_no_process(tmp_path, monkeypatch):
    monkeypatch.setattr(console, "_watch", interrupt)
    mark = tmp_path / "alive"
    sleep = f"import pathlib, time; time.sleep(3); pathlib.Path({str(mark)!r}).touch()"
    with pytest.raises(KeyboardInterrupt):
        console.run("Sleeping", [sys.executable, "-c", sleep], tmp_path / "log")
    assert not mark.exists()


def interrupt(*arguments: object) -> None:
    raise KeyboardInterrupt
