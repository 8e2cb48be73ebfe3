"""Where the geospatial libraries inside Python wheels lie."""

import sysconfig
from pathlib import Path


def library(folder: str, pattern: str) -> str | None:
    """The path of the shared library `pattern` in the wheel's `folder`; None lets Django search the system."""
    found = sorted((Path(sysconfig.get_path("purelib")) / folder).glob(pattern))
    return str(found[-1]) if found else None
