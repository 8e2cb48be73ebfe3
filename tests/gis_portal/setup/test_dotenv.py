import os

import pytest

from gis_portal.setup import dotenv
from gis_portal.setup.errors import SetupError


@pytest.fixture
def written(tmp_path, monkeypatch):
    def write(text: str):
        monkeypatch.delenv("SITE", raising=False)
        (tmp_path / ".env").write_text(text, encoding="utf-8")
        dotenv.load(tmp_path / ".env")

    yield write
    os.environ.pop("SITE", None)


def test_values_are_taken_without_their_quotes(written):
    written('# a comment\n\nSITE = "Зона Търговище"\n')
    assert os.environ["SITE"] == "Зона Търговище"


def test_a_value_may_hold_the_sign(written):
    written("SITE=a=b\n")
    assert os.environ["SITE"] == "a=b"


def test_the_environment_wins(tmp_path, monkeypatch):
    monkeypatch.setenv("SITE", "from outside")
    (tmp_path / ".env").write_text("SITE=from the file\n")
    dotenv.load(tmp_path / ".env")
    assert os.environ["SITE"] == "from outside"


def test_a_line_that_is_none_is_refused_with_its_number(written):
    with pytest.raises(SetupError, match="line 2: expected NAME=value, found 'nonsense'"):
        written("SITE=x\nnonsense\n")


def test_a_missing_file_is_no_error(tmp_path):
    dotenv.load(tmp_path / ".env")
