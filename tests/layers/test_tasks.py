from pathlib import Path

import pytest

from layers import tasks
from layers.access import reader_of
from layers.catalogue import catalogue_of
from layers.maps import editions
from layers.maps.names import tree
from tests.conftest import parcel, square


@pytest.fixture
def kept(tmp_path, monkeypatch) -> Path:
    monkeypatch.setattr(editions, "CACHE_DIR", tmp_path)
    return tmp_path


def fill(folder: Path) -> set[str]:
    """A tile in each cache that is current now; their names."""
    catalogue = catalogue_of(reader_of(None))
    names = {editions.edition(catalogue, entry.layers, editions.installation()) for entry in tree(catalogue).all()}
    for name in names:
        (folder / name).mkdir(exist_ok=True)
        (folder / name / "tile.png").write_bytes(b"x")
    return names


def test_tiles_of_what_is_published_stay(zone, kept):
    names = fill(kept)
    tasks.clear_map_caches(timestamp=0)
    assert {path.name for path in kept.iterdir()} == names


def test_tiles_from_before_a_publication_go(zone, publish, kept):
    before = fill(kept)
    publish([parcel("73626.1.1", square(10, 10), zone.pk)])
    after = fill(kept)
    tasks.clear_map_caches(timestamp=0)
    assert before - after
    assert {path.name for path in kept.iterdir()} == after


def test_locks_of_tiles_being_drawn_stay(zone, kept):
    (kept / "locks").mkdir()
    tasks.clear_map_caches(timestamp=0)
    assert (kept / "locks").is_dir()
