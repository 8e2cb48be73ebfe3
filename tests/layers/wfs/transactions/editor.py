"""A person at the address for editing: posts transactions with an access token and looks at what the draft holds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.test import Client
from lxml import etree

from layers.drafts import draft_of
from layers.moment import seen
from registries.core import tokens
from registries.core.models import User
from tests.layers.served import TABLES
from tests.layers.wfs.client import body

ADDRESS = "/ows/wfs/edit"
NAMES = {
    "2.0.0": 'xmlns="http://www.opengis.net/wfs/2.0" xmlns:gml="http://www.opengis.net/gml/3.2"'
    ' xmlns:fes="http://www.opengis.net/fes/2.0"',
    "1.1.0": 'xmlns="http://www.opengis.net/wfs" xmlns:gml="http://www.opengis.net/gml"'
    ' xmlns:fes="http://www.opengis.net/ogc"',
}
NAMES["1.0.0"] = NAMES["1.1.0"]
Places = list[tuple[float, ...]]


@dataclass
class Answer:
    status: int
    content: bytes

    @property
    def xml(self) -> etree._Element:
        return etree.fromstring(self.content)

    def all(self, path: str) -> list[Any]:
        """By local names: what the versions call alike is asked alike."""
        steps = re.sub(r"//?(\w+)", lambda step: step[0].replace(step[1], f"*[local-name()='{step[1]}']"), path)
        return self.xml.xpath(steps)

    @property
    def root(self) -> str:
        return etree.QName(self.xml).localname

    @property
    def ids(self) -> list[str]:
        """Of what was inserted."""
        return [
            str(id)
            for id in self.xml.xpath(
                "//*[starts-with(local-name(), 'Insert')]//@fid | //*[local-name()='InsertResults']//@rid"
            )
        ]

    @property
    def totals(self) -> dict[str, int]:
        return {etree.QName(one).localname[5:].lower(): int(one.text) for one in self.all("//TransactionSummary/*")}

    @property
    def code(self) -> str:
        return str(self.xml.xpath("string(//@exceptionCode | //@code)"))

    @property
    def locator(self) -> str:
        return str(self.xml.xpath("string(//@locator)"))

    @property
    def text(self) -> str:
        return str(self.xml.xpath("string(//*[local-name()='ExceptionText' or local-name()='ServiceException'])"))


@dataclass
class Editor:
    person: User
    secret: str
    language: str = "en"

    @classmethod
    def of(cls, person: User, scope: str = "edit") -> Editor:
        return cls(person, tokens.issue(person, "QGIS", scope, timedelta(days=1)))

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.secret}", "Accept-Language": self.language}

    def post(self, content: str | bytes) -> Answer:
        data = content.encode() if isinstance(content, str) else content
        response = Client().post(f"{ADDRESS}?SERVICE=WFS", data, "text/xml", headers=self.headers)
        return Answer(response.status_code, body(response))

    def get(self, request: str, **values: object) -> Answer:
        pairs = {"service": "WFS", "version": "2.0.0", "request": request, **values}
        response = Client().get(ADDRESS, pairs, headers=self.headers)
        return Answer(response.status_code, body(response))

    def do(self, *actions: str, version: str = "2.0.0", attributes: str = "") -> Answer:
        """A transaction of these actions."""
        return self.request("Transaction", *actions, version=version, attributes=attributes)

    def request(self, name: str, *content: str, version: str = "2.0.0", attributes: str = "") -> Answer:
        names = f'service="WFS" version="{version}" {NAMES[version]} xmlns:zone="urn:gis-portal:registry"'
        return self.post(f"<{name} {names} {attributes}>{''.join(content)}</{name}>")

    def row(self, layer: str, id: UUID) -> dict[str, Any] | None:
        """The feature as it stands in the person's draft, over what is published."""
        with seen(draft_of(self.person)), connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {TABLES[layer]} WHERE id = %s", [id])
            found = cursor.fetchone()
            return dict(zip([column.name for column in cursor.description], found, strict=True)) if found else None

    def places(self, layer: str, id: UUID, srid: int = 7801) -> Places:
        """The vertices of the feature in the draft, as PostGIS transforms them."""
        with seen(draft_of(self.person)), connection.cursor() as cursor:
            cursor.execute(
                "SELECT ST_X(p.geom), ST_Y(p.geom), ST_Z(p.geom)"
                f" FROM {TABLES[layer]} t, ST_DumpPoints(ST_Transform(t.geom, %s)) p WHERE t.id = %s ORDER BY p.path",
                [srid, id],
            )
            return [tuple(value for value in row if value is not None) for row in cursor.fetchall()]

    def count(self, layer: str) -> int:
        with seen(draft_of(self.person)), connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {TABLES[layer]}")
            return int(cursor.fetchone()[0])


def place(x: float, y: float, srid: int, source: int = 7801) -> tuple[float, float]:
    """A place in another system, x being east, as PostGIS transforms it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ST_X(g), ST_Y(g) FROM (SELECT ST_Transform(ST_SetSRID(ST_MakePoint(%s, %s), %s), %s) AS g) q",
            [x, y, source, srid],
        )
        east, north = cursor.fetchone()
        return east, north


def uuid_of(id: str) -> UUID:
    return UUID(id.split(".")[1])


def named(*ids: str) -> str:
    """A filter for features, in the words of 2.0.0, which are understood in every version."""
    return "<fes:Filter>" + "".join(f'<fes:ResourceId rid="{id}"/>' for id in ids) + "</fes:Filter>"


def pos(x: float, y: float, srs: str = "EPSG:7801") -> str:
    return f'<gml:Point srsName="{srs}"><gml:pos>{x!r} {y!r}</gml:pos></gml:Point>'


def hydrant(geom: str, **values: str) -> str:
    written = "".join(f"<zone:{name}>{value}</zone:{name}>" for name, value in values.items())
    return f"<Insert><zone:water_hydrant>{written}<zone:geom>{geom}</zone:geom></zone:water_hydrant></Insert>"


def update(id: str, *properties: str, layer: str = "water_hydrant") -> str:
    return f'<Update typeName="zone:{layer}">{"".join(properties)}{named(id)}</Update>'


def value(name: str, content: str | None) -> str:
    """A property to change; None leaves the value out, which makes it NULL."""
    written = "" if content is None else f"<Value>{content}</Value>"
    return f"<Property><ValueReference>{name}</ValueReference>{written}</Property>"


def delete(*ids: str, layer: str = "water_hydrant") -> str:
    return f'<Delete typeName="zone:{layer}">{named(*ids)}</Delete>'
