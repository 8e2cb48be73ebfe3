"""What is kept on disk is made once, and goes when it is old or too much."""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from gis_portal.pages.plots import kept


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.VAR_DIR = tmp_path
    return kept.folder()


def named(number: int) -> str:
    return kept.name_of([number], ".pdf")


def test_what_was_made_is_not_made_again() -> None:
    made: list[int] = []

    def make() -> bytes:
        made.append(1)
        return b"content"

    assert [kept.obtain(named(1), make), kept.obtain(named(1), make)] == [b"content", b"content"]
    assert made == [1]


def test_of_several_who_ask_at_once_one_makes_it() -> None:
    made: list[int] = []

    def make() -> bytes:
        made.append(1)
        time.sleep(0.2)
        return b"content"

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _number: kept.obtain(named(1), make), range(4)))
    assert (found, made) == ([b"content"] * 4, [1])


def test_what_fails_is_not_kept() -> None:
    with pytest.raises(ZeroDivisionError):
        kept.obtain(named(1), lambda: bytes(1 // 0))
    assert kept.obtain(named(1), lambda: b"content") == b"content"


def test_the_old_goes_and_the_new_stays(folder: Path) -> None:
    for number in (1, 2):
        kept.obtain(named(number), lambda: b"content")
    os.utime(folder / named(1), (0, 0))
    assert kept.clean(3600, 10**9) == 1
    assert not (folder / named(1)).exists()
    assert (folder / named(2)).exists()


def test_the_oldest_goes_when_there_is_too_much(folder: Path) -> None:
    for number in (1, 2, 3):
        kept.obtain(named(number), lambda: b"x" * 100)
        os.utime(folder / named(number), (time.time() - 100 + number,) * 2)
    assert kept.clean(3600, 250) == 1
    assert not (folder / named(1)).exists()
