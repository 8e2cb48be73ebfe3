"""A WFS client for tests: asks by key-value pairs and reads the answer as XML."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client
from lxml import etree

from layers.wfs.names import FES, GML, NAMESPACE, OWS, WFS, XSD

NAMES = {"wfs": WFS, "ows": OWS, "gml": GML, "fes": FES, "xsd": XSD, "zone": NAMESPACE}
ADDRESS = "/ows/wfs"


def body(response: HttpResponse | StreamingHttpResponse) -> bytes:
    return response.getvalue()


@dataclass
class Answer:
    status: int
    content_type: str
    content: bytes

    @property
    def xml(self) -> etree._Element:
        return etree.fromstring(self.content)

    def all(self, path: str) -> list:
        return self.xml.xpath(path, namespaces=NAMES)

    def text(self, path: str) -> str:
        (found,) = self.all(path)
        return str(found) if isinstance(found, str) else found.text

    @property
    def ids(self) -> list[str]:
        return [str(id) for id in self.all("//wfs:member/*/@gml:id")]

    @property
    def code(self) -> str:
        return self.text("//ows:Exception/@exceptionCode")

    @property
    def locator(self) -> str:
        return self.text("//ows:Exception/@locator")


def ask(client: Client, request: str | None = "GetFeature", **values: object) -> Answer:
    """The answer to a WFS 2.0 request; a value None leaves the parameter out."""
    pairs = {"service": "WFS", "version": "2.0.0", "request": request, **values}
    response = client.get(ADDRESS, {name: value for name, value in pairs.items() if value is not None})
    return Answer(response.status_code, response["Content-Type"], body(response))


def post(client: Client, text: str, address: str = ADDRESS) -> Answer:
    """The answer to a request in XML."""
    response = client.post(address, text.encode(), content_type="text/xml")
    return Answer(response.status_code, response["Content-Type"], body(response))


def numbers(text: str, by: int = 2) -> list[list[float]]:
    """The coordinates of a posList."""
    flat = [float(number) for number in text.split()]
    return [flat[start : start + by] for start in range(0, len(flat), by)]
