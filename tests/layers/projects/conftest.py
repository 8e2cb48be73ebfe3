"""A published corner of a zone, shared by all tests of a module: each turns back its own changes only."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from lxml import etree
from pytest_django import DjangoDbBlocker

from registries.changes import door
from registries.changes.edits import Edit
from registries.core import tokens
from registries.core.codes import load as load_codes
from registries.core.models import AccessToken, Role, User
from registries.networks.models import AssetAttribute, AssetType
from tests.conftest import person, point
from tests.flows import world
from tests.own_database import forget

PROJECT = "/ows/project.qgz"
# A kind of asset of which there are some only in a network that is nobody's business.
SECRET = "water_chamber"
# One of which there are none yet.
UNUSED = "water_tap"
Project = Callable[..., etree._Element]


@pytest.fixture(scope="module")
def published(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        forget()
        world.asset_types()
        AssetType.objects.create(key=SECRET, theme="water", geometry_kind="node", title_bg="Шахта", title_en="Chamber")
        AssetType.objects.create(key=UNUSED, theme="water", geometry_kind="node", title_bg="Кран", title_en="Tap")
        AssetAttribute.objects.create(
            asset_type_id=UNUSED,
            key="size",
            title_bg="размер",
            title_en="size",
            type="integer",
            unit="mm",
            required=True,
        )
        load_codes()
        olena, boris = person("olena", Role.EDITOR), person("boris", Role.REVIEWER)
        networks = world.networks()
        chamber = Edit.create("networks.node", {"asset_type": SECRET, "network": networks[1].object_id}, point(50, 50))
        change_set = door.propose(olena, [*world.land(), *networks, chamber], title="made for a test")
        door.submit(olena, change_set)
        door.approve(boris, change_set, "For a test.")
        door.publish(boris, change_set)
        yield
        transaction.set_rollback(True)
    forget()


@pytest.fixture(autouse=True)
def shared(published: None, db: None) -> None:
    pass


def opened(body: bytes) -> etree._Element:
    """The document in the archive, read as strictly as QGIS reads it."""
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        (name,) = archive.namelist()
        assert name.endswith(".qgs")
        return etree.fromstring(archive.read(name), etree.XMLParser(resolve_entities=False, no_network=True))


@pytest.fixture
def project(client: Client) -> Project:
    """The project that `client` gets, with query parameters."""

    def read(**query: str) -> etree._Element:
        response = client.get(PROJECT, query)
        assert response.status_code == 200, response.content
        return opened(response.content)

    return read


@pytest.fixture
def editor(published: None) -> User:
    """Olena, who edits everywhere."""
    return User.objects.get(username="olena")


@pytest.fixture
def token(editor: User) -> str:
    return tokens.issue(editor, "QGIS", AccessToken.Scope.EDIT, timedelta(days=1))


def source(document: etree._Element, layer: str) -> str:
    """Where the project reads one layer."""
    return str(document.xpath(f"//maplayer[id='registry_{layer}']/datasource")[0].text)


def keys(document: etree._Element) -> list[str]:
    """The layers of features, in the order of the legend."""
    ids = document.xpath("//layer-tree-layer/@id")
    return [str(id).removeprefix("registry_") for id in ids if str(id).startswith("registry_")]
