"""GDAL's driver edits over WFS: it speaks 2.0.0 in the namespaces of 1.x, and knows features by what an answer says."""

from __future__ import annotations

import json
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.gis.geos import Point

from registries.core import tokens
from registries.core.models import User
from tests.conftest import EAST, NORTH, SRID
from tests.flows.test_qgis_editing import apart, drafted
from tests.flows.with_qgis import PYTHON

MILLIMETRE = 0.001


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Nothing of our libraries', which bring a GDAL of their own."""
    given = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}
    if (
        not Path(PYTHON).exists()
        or subprocess.run([PYTHON, "-c", "import osgeo.ogr"], env=given, check=False).returncode
    ):
        pytest.skip(f"{PYTHON} cannot import GDAL (package python3-gdal).")
    return given


@pytest.mark.parametrize("version", ["2.0.0", "1.1.0", "1.0.0"])
def test_gdal_adds_changes_moves_and_deletes(environment: dict[str, str], portal: str, olena: User, version: str):
    secret = tokens.issue(olena, "GDAL", "edit", timedelta(days=1))
    east, north = EAST + 100, NORTH + 60
    script = Path(__file__).parent / "gdal_edits.py"
    done = subprocess.run(
        [PYTHON, script, portal, version, secret, str(east), str(north)],
        env=environment,
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.stdout, done.stderr.decode()
    found = json.loads(done.stdout)
    assert (found["created"], found["changed"], found["deleted"]) == (True, True, True)
    assert list(found["left"]) == ["GDAL-2"]
    assert apart(drafted(olena, "networks_node", "GDAL-2")[0], Point(east + 5, north, srid=SRID)) <= MILLIMETRE
