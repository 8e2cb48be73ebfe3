#!/usr/bin/env python3
"""Entry point of every command. On a fresh machine `demo` and `test` first set the machine up."""

import sys
from importlib import import_module

if __name__ == "__main__":
    if sys.version_info < (3, 11):  # noqa: UP036 - this is where an older one is told
        sys.exit("GIS Portal needs Python 3.11 or newer; this is %d.%d." % sys.version_info[:2])  # noqa: UP031
    # Imported late: on an older Python the set-up code would fail with a syntax error instead of the sentence above.
    sys.exit(import_module("gis_portal.setup.entry").main(sys.argv))
