import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from gis_portal.setup.cluster import Cluster

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def var() -> Iterator[Path]:
    """The `var` of an imaginary clone, where the cluster's owner can reach it: pytest's own directories are closed."""
    folder = Path(tempfile.mkdtemp(prefix="gis-portal-test-"))
    folder.chmod(0o755)
    yield folder / "var"
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def pristine() -> Iterator[Path]:
    """A cluster as `initdb` makes it: copied by each test, which is ten times as fast."""
    folder = Path(tempfile.mkdtemp(prefix="gis-portal-test-"))
    folder.chmod(0o755)
    made = Cluster(folder / "var")
    made.start()
    made.create_database()
    made.stop()
    yield made.home
    shutil.rmtree(folder)


@pytest.fixture
def fresh(var: Path) -> Iterator[Cluster]:
    """Not made yet; stopped and removed afterwards, wherever it settled."""
    embedded = Cluster(var)
    yield embedded
    if var.exists():
        embedded.stop()
        shutil.rmtree(embedded.home, ignore_errors=True)
        if not embedded.socket.is_relative_to(embedded.home):
            shutil.rmtree(embedded.socket, ignore_errors=True)


@pytest.fixture
def cluster(fresh: Cluster, pristine: Path) -> Cluster:
    """Made, with the registry's empty database in it, and stopped."""
    place(pristine, fresh.var)
    return fresh


def place(pristine: Path, var: Path) -> None:
    var.mkdir(parents=True)
    subprocess.run(["cp", "-a", pristine, var / "postgis"], check=True)


@pytest.fixture
def root_only() -> None:
    if os.geteuid() != 0:
        pytest.skip("shows what happens when root starts it")
