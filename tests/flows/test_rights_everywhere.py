"""Everything that the portal publishes, asked by every kind of reader: a protocol that forgets a right shows here.

The world holds words, each of which only some readers may ever be told. A new protocol is one more line of
`PROTOCOLS`.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import pytest
from django.contrib.gis.geos import GEOSGeometry
from django.db import connection
from django.http.response import HttpResponseBase
from django.test import Client
from lxml import etree
from PIL import Image

from layers.maps import configuration, editions
from registries.changes import door
from registries.changes.edits import Edit
from registries.core.models import Audience, Role, RoleGrant, User
from registries.land.models import Zone
from registries.networks.models import AssetAttribute, AssetType
from tests.conftest import Publish, line, person, point, square
from tests.layers.test_pick import degrees
from tests.layers.tiles.decoding import tile_of

pytestmark = pytest.mark.django_db
EVERYBODY = frozenset({"iva", "stranger", "viewer", "local viewer", "partner", "operator", "olena"})
PARTNER_ROWS = frozenset({"viewer", "local viewer", "partner", "olena"})
INTERNAL_ROWS = frozenset({"operator", "olena"})
PARTNERS, STAFF, NOBODY = frozenset({"viewer", "olena"}), frozenset({"olena"}), frozenset[str]()
WORDS = {
    "ETIKET-OPEN": EVERYBODY,
    "ETIKET-PARTNER": PARTNER_ROWS,
    "ETIKET-HIDDEN": INTERNAL_ROWS,
    "Мрежа за партньори": PARTNER_ROWS,
    "Мрежа за свои": INTERNAL_ROWS,
    # Columns of assets that everybody sees.
    "4711.5": PARTNERS,
    "partner_no": PARTNERS,
    "СТОЙНОСТ-ПАРТНЬОР": PARTNERS,
    "secret_no": STAFF,
    "СТОЙНОСТ-ТАЙНА": STAFF,
    # Kinds of assets, in a network that everybody sees.
    "rights_meter": PARTNERS,
    "Броячи за партньори": PARTNERS,
    "ETIKET-METER": PARTNERS,
    "rights_well": STAFF,
    "Тайни кладенци": STAFF,
    "ETIKET-WELL": STAFF,
    # Offers.
    "РЕШЕНИЕ-ВЪЗЛОЖЕНА": EVERYBODY,
    "Победител ЕООД": STAFF,
    "РЕШЕНИЕ-ЧЕРНОВА": NOBODY,
    "РЕШЕНИЕ-ОТМЕНЕНА": NOBODY,
    # Proposed, not published.
    "ETIKET-PROPOSED": NOBODY,
}
KEYS = ("rights_pipe", "rights_meter", "rights_well", "offers", "plots", "zones")
COLUMNS = ("label", "capacity", "partner_no", "secret_no", "decision_document", "awarded_party")


@dataclass
class Known:
    """What is in the world, so that it can be asked for by name, number and place."""

    places: dict[str, GEOSGeometry] = field(default_factory=dict)
    objects: list[tuple[str, UUID]] = field(default_factory=list)


def asset_types() -> None:
    words = (
        ("rights_pipe", "link", "Открити тръби", Audience.PUBLIC),
        ("rights_meter", "node", "Броячи за партньори", Audience.PARTNER),
        ("rights_well", "node", "Тайни кладенци", Audience.INTERNAL),
    )
    for key, kind, title, audience in words:
        both = {"title_bg": title, "title_en": title}
        AssetType.objects.create(key=key, theme="water", geometry_kind=kind, audience=audience, **both)
    for key, audience in (("partner_no", Audience.PARTNER), ("secret_no", Audience.INTERNAL)):
        AssetAttribute.objects.create(
            asset_type_id="rights_pipe", key=key, title_bg=key, title_en=key, audience=audience
        )


def assets(known: Known, networks: dict[int, UUID]) -> list[Edit]:
    """A pipe in each network, the open one with all columns; a meter and a well in the open network."""
    columns = {
        "capacity": 4711.5,
        "attributes": {"partner_no": "СТОЙНОСТ-ПАРТНЬОР", "secret_no": "СТОЙНОСТ-ТАЙНА"},
    }
    shapes = {
        "ETIKET-OPEN": ("link", "rights_pipe", 0, line((100, 200), (300, 200)), columns),
        "ETIKET-PARTNER": ("link", "rights_pipe", 1, line((100, 400), (300, 400)), {}),
        "ETIKET-HIDDEN": ("link", "rights_pipe", 2, line((100, 600), (300, 600)), {}),
        "ETIKET-METER": ("node", "rights_meter", 0, point(200, 800), {}),
        "ETIKET-WELL": ("node", "rights_well", 0, point(600, 800), {}),
    }
    edits = []
    for label, (registry, key, network, shape, more) in shapes.items():
        own = {"network": networks[network], "asset_type": key, "label": label, **more}
        edits.append(Edit.create(f"networks.{registry}", own, shape))
        known.places[label] = shape
        known.objects.append((key, edits[-1].object_id))
    return edits


def offers(known: Known, plot: UUID) -> list[Edit]:
    edits = []
    for year, (state, words) in enumerate(
        (("awarded", "РЕШЕНИЕ-ВЪЗЛОЖЕНА"), ("draft", "РЕШЕНИЕ-ЧЕРНОВА"), ("cancelled", "РЕШЕНИЕ-ОТМЕНЕНА"))
    ):
        columns = {
            "plot": plot, "right": "sale", "procedure": "auctionOpen", "state": state, "price": "100",
            "open_period": f"[{2020 + year}-01-01,{2020 + year}-07-01)", "decision_document": words,
            "awarded_party": "Победител ЕООД" if state == "awarded" else "",
        }  # fmt: skip
        edits.append(Edit.create("land.offer", columns))
        known.objects.append(("offers", edits[-1].object_id))
    return edits


@pytest.fixture
def networks(publish: Publish, zone: Zone) -> dict[int, UUID]:
    """By visibility."""
    names = ((0, "Мрежа за всички"), (1, "Мрежа за партньори"), (2, "Мрежа за свои"))
    edits = [
        Edit.create("networks.network", {"zone": zone.pk, "theme": "water", "name": name, "visibility": visibility})
        for visibility, name in names
    ]
    publish(edits)
    return {visibility: edit.object_id for (visibility, _name), edit in zip(names, edits, strict=True)}


@pytest.fixture
def known(
    publish: Publish,
    zone: Zone,
    networks: dict[int, UUID],
    olena: User,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Known:
    for module in (editions, configuration):
        monkeypatch.setattr(module, "CACHE_DIR", tmp_path)
    asset_types()
    found = Known()
    plot = Edit.create("land.plot", {"zone": zone.pk, "code": "П-9", "status": "occupied"}, square(700, 100, 100))
    found.objects += [("plots", plot.object_id), ("zones", zone.pk)]
    publish([plot, *assets(found, networks), *offers(found, plot.object_id)])
    proposed = {"network": networks[0], "asset_type": "rights_pipe", "label": "ETIKET-PROPOSED"}
    edit = Edit.create("networks.link", proposed, line((100, 900), (300, 900)))
    door.submit(olena, door.propose(olena, [edit], title="ETIKET-PROPOSED"))
    found.places["ETIKET-PROPOSED"] = line((100, 900), (300, 900))
    found.objects.append(("rights_pipe", edit.object_id))
    return found


@pytest.fixture
def readers(zone: Zone, networks: dict[int, UUID], olena: User, stranger: User) -> dict[str, Client]:
    """Each with a browser of their own."""
    local, partner, operator = person("local"), person("partner"), person("operator")
    RoleGrant.objects.create(user=local, role=Role.VIEWER, zone_id=zone.pk)
    RoleGrant.objects.create(user=partner, role=Role.OPERATOR, network_id=networks[1])
    RoleGrant.objects.create(user=operator, role=Role.OPERATOR, network_id=networks[2])
    people = {
        "olena": olena,
        "iva": None,
        "operator": operator,
        "viewer": person("viewer", Role.VIEWER),
        "stranger": stranger,
        "partner": partner,
        "local viewer": local,
    }
    clients = {name: Client() for name in people}
    for name, user in people.items():
        if user:
            clients[name].force_login(user)
    return clients


def text(response: HttpResponseBase) -> str:
    """What a good answer says, characters escaped by JSON as themselves; refusals only repeat the question."""
    if response.status_code != 200:
        return ""
    body = response.getvalue().decode("utf-8", "replace")
    is_json = "json" in response.headers.get("Content-Type", "")
    return json.dumps(json.loads(body), ensure_ascii=False) if is_json else body


def wfs(client: Client, operation: str, **more: str) -> str:
    return text(client.get("/ows/wfs", {"SERVICE": "WFS", "REQUEST": operation, "COUNT": "100", **more}))


def wfs_features(client: Client, known: Known) -> str:
    forms = ("application/gml+xml; version=3.2", "application/json")
    return "".join(wfs(client, "GetFeature", typeNames=key, outputFormat=form) for key in KEYS for form in forms)


def wfs_schema(client: Client, known: Known) -> str:
    each = "".join(wfs(client, "DescribeFeatureType", typeNames=key) for key in KEYS)
    return wfs(client, "DescribeFeatureType") + each


def wfs_by_id(client: Client, known: Known) -> str:
    query = "urn:ogc:def:query:OGC-WFS::GetFeatureById"
    found = [wfs(client, "GetFeature", storedQuery_Id=query, id=f"{key}.{id}") for key, id in known.objects]
    return "".join([*found, *(wfs(client, "GetFeature", resourceId=f"{key}.{id}") for key, id in known.objects)])


def wfs_by_column(client: Client, known: Known) -> str:
    """A refused name is as good as none; one that is sorted by would be told by the order alone."""
    said = []
    for key in ("rights_pipe", "offers"):
        for column in COLUMNS:
            for option in ("sortBy", "propertyName"):
                answer = wfs(client, "GetFeature", typeNames=key, **{option: column})
                said.append(f"{column} {answer}" if answer else "")
    return "".join(said)


def ogc(client: Client, known: Known) -> str:
    pages = ["/ogc/", "/ogc/collections", "/ogc/collections?f=html", "/ogc/api"]
    return "".join(text(client.get(page)) for page in [*pages, *(f"/ogc/collections/{key}" for key in KEYS)])


def ogc_items(client: Client, known: Known) -> str:
    pages = [f"/ogc/collections/{key}/items?limit=100" for key in KEYS]
    return "".join(text(client.get(page)) for page in pages)


def ogc_item(client: Client, known: Known) -> str:
    return "".join(text(client.get(f"/ogc/collections/{key}/items/{id}")) for key, id in known.objects)


def tiles(client: Client, known: Known) -> str:
    """Names and texts stand in a tile as they are."""
    address = client.get("/tiles/zone.json").json()["tiles"][0].removeprefix("http://testserver")
    said = []
    for shape in known.places.values():
        zoom, column, row = tile_of(shape, 16)
        filled = address.replace("{z}", str(zoom)).replace("{x}", str(column)).replace("{y}", str(row))
        said.append(text(client.get(filled)))
    return "".join(said)


def tilejson(client: Client, known: Known) -> str:
    return "".join(text(client.get(f"/tiles/{tileset}.json")) for tileset in ("zone", "land", "networks"))


def styles(client: Client, known: Known) -> str:
    return "".join(text(client.get(f"/styles/{tileset}.json")) for tileset in ("zone", "land", "networks"))


def map_capabilities(client: Client, known: Known) -> str:
    return "".join(
        text(client.get(f"/ows/{name.lower()}", {"SERVICE": name, "REQUEST": "GetCapabilities"}))
        for name in ("WMS", "WMTS")
    )


def is_inked(response: HttpResponseBase) -> bool:
    if response.headers.get("Content-Type") != "image/png":
        return False
    picture = Image.open(io.BytesIO(response.getvalue())).convert("RGBA")
    return bool(picture.getchannel("A").getextrema()[1])


def wms_maps(client: Client, known: Known) -> str:
    """The label of each place at which anything is drawn, by the group's name and by the layer's own."""
    said = []
    for label, shape in known.places.items():
        middle = shape.centroid
        box = (middle.x - 10, middle.y - 10, middle.x + 10, middle.y + 10)
        asked = {
            "SERVICE": "WMS", "VERSION": "1.1.1", "REQUEST": "GetMap", "STYLES": "", "SRS": "EPSG:7801",
            "BBOX": ",".join(map(str, box)), "WIDTH": "64", "HEIGHT": "64", "FORMAT": "image/png",
            "TRANSPARENT": "TRUE",
        }  # fmt: skip
        names = ("theme.water", "rights_pipe", "rights_meter", "rights_well")
        if any(is_inked(client.get("/ows/wms", {**asked, "LAYERS": name})) for name in names):
            said.append(label)
    return " ".join(said)


def wmts_tiles(client: Client, known: Known) -> str:
    said = []
    for label, shape in known.places.items():
        zoom, column, row = tile_of(shape, 18)
        names = ("theme.water", "rights_pipe", "rights_meter", "rights_well")
        addresses = [f"/ows/wmts/{name}/GLOBAL_WEBMERCATOR/{zoom}/{column}/{row}.png" for name in names]
        if any(is_inked(client.get(address)) for address in addresses):
            said.append(label)
    return " ".join(said)


def search(client: Client, known: Known) -> str:
    return "".join(text(client.get("/map/search", {"q": word})) for word in WORDS)


def pick(client: Client, known: Known) -> str:
    said = []
    for shape in known.places.values():
        lng, lat = degrees(shape.centroid)
        asked = {"lng": lng, "lat": lat, "zoom": 18, "layers": ",".join(KEYS)}
        said.append(text(client.get("/map/pick", asked)))
    return "".join(said)


def cards(client: Client, known: Known) -> str:
    return "".join(text(client.get(f"/map/feature/{key}/{id}")) for key, id in known.objects)


def pages(client: Client, known: Known) -> str:
    return "".join(text(client.get(address)) for address in ("/", "/plots/", "/services/"))


def history(client: Client, known: Known) -> str:
    """Every column of an object's versions: for those who see everything, and not even that it exists for others."""
    registries = ("networks.link", "networks.node", "networks.network", "land.offer")
    return "".join(
        text(client.get(f"/api/history/{registry}/{id}/")) for _key, id in known.objects for registry in registries[:2]
    )


Protocol = Callable[[Client, Known], str]
# Each with a word that Olena must hear of it, lest a protocol that says nothing passes.
PROTOCOLS: dict[str, tuple[Protocol, str]] = {
    "WFS GetCapabilities": (lambda client, known: wfs(client, "GetCapabilities"), "Тайни кладенци"),
    "WFS ListStoredQueries": (lambda client, known: wfs(client, "ListStoredQueries"), "rights_well"),
    "WFS DescribeStoredQueries": (lambda client, known: wfs(client, "DescribeStoredQueries"), "rights_well"),
    "WFS DescribeFeatureType": (wfs_schema, "secret_no"),
    "WFS GetFeature": (wfs_features, "СТОЙНОСТ-ТАЙНА"),
    "WFS by identifier": (wfs_by_id, "Победител ЕООД"),
    "WFS by column": (wfs_by_column, "secret_no"),
    "OGC API": (ogc, "Тайни кладенци"),
    "OGC API items": (ogc_items, "СТОЙНОСТ-ТАЙНА"),
    "OGC API item": (ogc_item, "Победител ЕООД"),
    "vector tiles": (tiles, "ETIKET-WELL"),
    "TileJSON": (tilejson, "Тайни кладенци"),
    "styles": (styles, "rights_well"),
    "WMS and WMTS capabilities": (map_capabilities, "Тайни кладенци"),
    "WMS maps": (wms_maps, "ETIKET-HIDDEN"),
    "WMTS tiles": (wmts_tiles, "ETIKET-HIDDEN"),
    "search": (search, "ETIKET-WELL"),
    "pick": (pick, "СТОЙНОСТ-ТАЙНА"),
    "cards": (cards, "Победител ЕООД"),
    "pages": (pages, "Тайни кладенци"),
}


@pytest.mark.parametrize("name", PROTOCOLS)
def test_each_reader_is_told_what_is_theirs_and_nothing_else(
    name: str, known: Known, readers: dict[str, Client]
) -> None:
    """There and back again, so that nothing kept for one reader can reach the next."""
    protocol, at_least = PROTOCOLS[name]
    spoken_of = told(protocol(readers["olena"], known))
    assert at_least in spoken_of
    for reader in [*readers, *reversed(readers)]:
        theirs = {word for word in spoken_of if reader in WORDS[word]}
        assert told(protocol(readers[reader], known)) == theirs, reader


def told(said: str) -> set[str]:
    return {word for word in WORDS if word in said}


def test_every_word_is_spoken_of_somewhere(known: Known, readers: dict[str, Client]) -> None:
    """A word that no protocol would tell anybody guards nothing."""
    said = wfs_features(readers["olena"], known) + wfs(readers["olena"], "GetCapabilities")
    assert told(said) == {word for word, hearers in WORDS.items() if hearers}


def test_history_is_for_those_who_see_everything(known: Known, readers: dict[str, Client]) -> None:
    assert {"ETIKET-HIDDEN", "ETIKET-WELL", "СТОЙНОСТ-ТАЙНА"} <= told(history(readers["olena"], known))
    for reader in EVERYBODY - {"olena"}:
        assert not history(readers[reader], known), reader


PIPES_SEEN = {"iva": 1, "stranger": 1, "viewer": 2, "local viewer": 2, "partner": 2, "operator": 2, "olena": 3}


@pytest.mark.parametrize("reader", PIPES_SEEN)
def test_counts_are_of_what_the_reader_sees(known: Known, readers: dict[str, Client], reader: str) -> None:
    hits = wfs(readers[reader], "GetFeature", typeNames="rights_pipe", resultType="hits")
    items = readers[reader].get("/ogc/collections/rights_pipe/items?limit=1")
    count = int(etree.fromstring(hits.encode()).get("numberMatched"))
    matched = json.loads(text(items))["numberMatched"]
    assert (count, matched) == (PIPES_SEEN[reader], PIPES_SEEN[reader])


@pytest.mark.parametrize(("reader", "labels"), [
    ("olena", ["ETIKET-OPEN", "ETIKET-PARTNER", "ETIKET-HIDDEN"]),
    ("iva", ["ETIKET-OPEN"]),
    ("viewer", ["ETIKET-OPEN", "ETIKET-PARTNER"]),
    ("operator", ["ETIKET-OPEN", "ETIKET-HIDDEN"]),
])  # fmt: skip
def test_an_extent_is_of_what_the_reader_sees(
    known: Known, readers: dict[str, Client], reader: str, labels: list[str]
) -> None:
    """To the north of the open pipe lie the others: an extent that reaches them tells of them."""
    readers["olena"].get("/ogc/collections/rights_pipe")
    told_of = readers[reader].get("/ogc/collections/rights_pipe").json()
    (_west, _south, _east, north) = told_of["extent"]["spatial"]["bbox"][0]
    assert north == pytest.approx(northern_edge([known.places[label] for label in labels]), abs=1e-4)


def northern_edge(shapes: list[GEOSGeometry]) -> float:
    """Degrees, as PostGIS transforms them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT max(ST_YMax(ST_Transform(g::geometry, 4326))) FROM unnest(%s::text[]) g",
            [[shape.ewkt for shape in shapes]],
        )
        return float(cursor.fetchone()[0])
