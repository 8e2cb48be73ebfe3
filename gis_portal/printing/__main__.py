"""`python -m gis_portal.printing`: an order as JSON comes in, a PDF goes out. It asks nothing of the network, of the
database or of the disk but the files that it is told of.
"""

import base64
import json
import mimetypes
import os
import resource
import sys
from pathlib import Path
from typing import Any

from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

# A page that takes more than this is not one of ours.
MEMORY_BYTES, CPU_S = 2_000_000_000, 60
LATER_THAN_REQUESTS = 4
SCHEME = "portal:"


class HandedIn(URLFetcher):
    """Serves what the order brings under `portal:name`, and nothing else in the world."""

    def __init__(self, files: dict[str, bytes], paths: dict[str, str]) -> None:
        super().__init__(allowed_protocols=("portal",))
        self._files, self._paths = files, paths

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        name = url.removeprefix(SCHEME)
        # Without its type a style sheet is passed over.
        told = {"Content-Type": mimetypes.guess_type(name)[0] or "application/octet-stream"}
        if url.startswith(SCHEME) and name in self._files:
            return URLFetcherResponse(url, self._files[name], told)
        if url.startswith(SCHEME) and name in self._paths:
            return URLFetcherResponse(url, Path(self._paths[name]).read_bytes(), told)
        raise FatalURLFetchingError(f"“{url[:100]}” was not handed in.")


def printed(order: dict[str, Any]) -> bytes:
    """The PDF of `order`: `html`, `files` (name → base64), `paths` (name → file) and an `identifier` of its content."""
    files = {name: base64.b64decode(content) for name, content in order["files"].items()}
    page = HTML(string=order["html"], base_url=SCHEME, url_fetcher=HandedIn(files, order["paths"]))
    # Tagged (ISO 14289-1), so that screen readers read it; the same content has the same identifier.
    made: bytes = page.write_pdf(
        pdf_variant="pdf/ua-1",
        pdf_identifier=order["identifier"].encode(),
        font_config=FontConfiguration(),
        optimize_images=False,
    )
    return made


def main() -> None:
    os.nice(LATER_THAN_REQUESTS)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    sys.stdout.buffer.write(printed(json.load(sys.stdin.buffer)))


if __name__ == "__main__":
    main()
