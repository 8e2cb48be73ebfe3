"""Which PostgreSQL servers with PostGIS this machine has."""

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from gis_portal.setup.errors import NEEDS_PACKAGES, SetupError

MINIMUM_POSTGRESQL = 15
MINIMUM_POSTGIS = (3, 3)
EXTENSIONS = ("postgis", "btree_gist", "pg_trgm", "unaccent")
DEBIAN_VERSIONS = Path("/usr/lib/postgresql")


@dataclass(frozen=True, order=True)
class Installation:
    major: int
    binaries: Path
    postgis: tuple[int, ...]


def find(major: int | None = None) -> Installation:
    """The newest usable installation, or that of version `major`. Raises SetupError."""
    usable = [one for one in installations() if one.postgis >= MINIMUM_POSTGIS and one.major >= MINIMUM_POSTGRESQL]
    wanted = [one for one in usable if major in (None, one.major)]
    if wanted:
        return max(wanted)
    found = ", ".join(
        f"PostgreSQL {one.major} with PostGIS {'.'.join(map(str, one.postgis)) or 'missing'}" for one in installations()
    )
    version = major or f"{MINIMUM_POSTGRESQL} or newer"
    need = f"PostgreSQL {version} with PostGIS {'.'.join(map(str, MINIMUM_POSTGIS))} or newer"
    raise SetupError(f"{need} is needed; this machine has {found or 'none'}.", code=NEEDS_PACKAGES)


def available() -> bool:
    try:
        find()
    except SetupError:
        return False
    return True


def installations() -> list[Installation]:
    places = {path.parent.resolve() for path in DEBIAN_VERSIONS.glob("*/bin/postgres")}
    if on_path := shutil.which("postgres"):
        places.add(Path(on_path).resolve().parent)
    return [Installation(_major(place), place, _postgis(place)) for place in places]


def _major(binaries: Path) -> int:
    return int(re.findall(r"\d+", _ask(binaries / "postgres", "--version"))[0])


def _postgis(binaries: Path) -> tuple[int, ...]:
    """() unless every extension that the registry needs is installed."""
    extensions = Path(_ask(binaries / "pg_config", "--sharedir")) / "extension"
    # Debian keeps the library and its SQL in two packages, which can be there without each other.
    library = next(Path(_ask(binaries / "pg_config", "--pkglibdir")).glob("postgis-*.so"), None)
    if library is None or not all((extensions / f"{name}.control").is_file() for name in EXTENSIONS):
        return ()
    version = re.search(r"default_version = '([\d.]+)", (extensions / "postgis.control").read_text())
    return tuple(map(int, version[1].split("."))) if version else ()


def _ask(program: Path, option: str) -> str:
    return subprocess.run([program, option], capture_output=True, text=True, check=True).stdout.strip()
