"""Files as people send them: zipped in folders, incomplete, or of another kind than their names say."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from registries.changes.models import ChangeSet
from registries.core.errors import BadInput
from registries.land.models import Zone
from tests.conftest import square
from tests.registries.exchange.conftest import Import, Write

ROWS = [(square(0, 0), {"nationalCadastralReference": "73626.501.1"})]
PROFILE = '{"columns": {"national_cadastral_reference": "nationalCa"}}'


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    path = tmp_path / "profile.json"
    path.write_text(PROFILE)
    return path


@pytest.fixture
def packed(write: Write, tmp_path: Path) -> Path:
    """A zip of a folder with two Shapefiles, and names that lead out of wherever it would be unpacked."""
    path = tmp_path / "sent.zip"
    with zipfile.ZipFile(path, "w") as target:
        for name in ("first", "second"):
            for part in write(f"{name}.shp", ROWS).parent.glob(f"{name}.*"):
                target.write(part, f"data/{part.name}")
        target.writestr("../../readme.txt", "read me")
    return path


def test_one_of_several_shapefiles_in_a_zip_is_chosen(run: Import, packed: Path, zone: Zone, profile: Path) -> None:
    with pytest.raises(BadInput, match="first, second"):
        run(packed, "parcels", profile=profile)
    assert run(packed, "parcels", profile=profile, layer="second").created == 1


def test_a_zip_unpacks_nothing(run: Import, packed: Path, zone: Zone, profile: Path, tmp_path: Path) -> None:
    before = {*tmp_path.rglob("*"), *tmp_path.parent.glob("*")}
    run(packed, "parcels", profile=profile, layer="first")
    assert {*tmp_path.rglob("*"), *tmp_path.parent.glob("*")} == before


def test_a_zip_without_shapefile_says_so(run: Import, tmp_path: Path) -> None:
    path = tmp_path / "words.zip"
    with zipfile.ZipFile(path, "w") as target:
        target.writestr("words.txt", "words")
    with pytest.raises(BadInput, match="Shapefile") as caught:
        run(path, "parcels")
    assert ".dbf" in caught.value.hint


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("broken.zip", b"PK\x03\x04 and no more"),
        ("empty.geojson", b""),
        ("tables.json", b'{"_module": "pandapipes.pandapipes_net", "_object": {}}'),
        ("list.json", b"[1, 2]"),
        ("page.gml", b"<html><body>404</body></html>"),
        ("zeros.shp", b"\0" * 1000),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_refused(
    run: Import, tmp_path: Path, name: str, content: bytes
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(BadInput, match=name) as caught:
        run(path, "parcels")
    assert caught.value.locator == "file"
    assert "driver" not in str(caught.value)


def test_a_folder_is_refused(run: Import, tmp_path: Path) -> None:
    with pytest.raises(BadInput) as caught:
        run(tmp_path, "parcels")
    assert caught.value.locator == "file"


def test_a_shapefile_without_its_index_is_refused(run: Import, write: Write, zone: Zone, profile: Path) -> None:
    path = write("parcels.shp", ROWS)
    path.with_suffix(".shx").unlink()
    with pytest.raises(BadInput, match="shx"):
        run(path, "parcels", profile=profile)


def test_features_of_a_shapefile_without_its_table_lack_their_names(
    run: Import, write: Write, zone: Zone, profile: Path
) -> None:
    path = write("parcels.shp", ROWS)
    path.with_suffix(".dbf").unlink()
    report = run(path, "parcels", profile=profile)
    assert (report.read, report.created, len(report.refused)) == (1, 0, 1)


def test_a_table_without_places_is_refused(run: Import, write: Write, zone: Zone, tmp_path: Path) -> None:
    path = tmp_path / "table.geojson"
    path.write_text('{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"a": 1}}]}')
    with pytest.raises(BadInput):
        run(path, "parcels")


def test_nothing_is_written_beside_the_file(run: Import, write: Write, zone: Zone, tmp_path: Path) -> None:
    folder = tmp_path / "theirs"
    folder.mkdir()
    path = Path(shutil.copy(write("parcels.gml", ROWS), folder))
    assert run(path, "parcels").created == 1
    assert list(folder.iterdir()) == [path]


def test_a_field_must_name_the_features(run: Import, write: Write, zone: Zone) -> None:
    with pytest.raises(BadInput, match="--map") as caught:
        run(write("parcels.gpkg", [(square(0, 0), {"number": "1"})]), "parcels")
    assert caught.value.locator == "map"
    assert "number" in caught.value.hint


def test_a_refused_file_ends_the_command_and_leaves_nothing(db: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError) as caught:
        call_command("import_features", tmp_path / "absent.gpkg", to="zones")
    assert caught.value.returncode == 2
    assert not ChangeSet.objects.exists()
