"""The catalogue: what is published to whom."""

import pytest

from layers.access import reader_of
from layers.catalogue import catalogue_of, editing_catalogue
from layers.query import Query, count
from registries.changes.edits import Edit
from registries.core.models import Audience, Role, RoleGrant, User
from registries.land.models import Zone
from registries.networks.models import AssetAttribute, AssetType, Network
from tests.conftest import Publish, hydrant, line, parcel, pipe, point, square


def keys(user: User | None) -> set[str]:
    return {layer.key for layer in catalogue_of(reader_of(user))}


@pytest.fixture
def closed(publish: Publish, network: Network) -> Network:
    """The water network, no longer shown to the public, with one pipe."""
    publish([pipe(network, line((0, 0), (50, 0))), Edit.update("networks.network", network.pk, {"visibility": 2})])
    return network


def test_land_is_always_there(db: None) -> None:
    assert keys(None) == {"zones", "parcels", "plots", "offers", "buildings"}


def test_an_asset_type_in_use_is_a_layer(publish: Publish, network: Network) -> None:
    publish([pipe(network, line((0, 0), (50, 0)))])
    assert "water_pipe" in keys(None)
    assert "water_hydrant" not in keys(None)


def test_a_new_asset_type_needs_no_code(publish: Publish, network: Network) -> None:
    kind = AssetType.objects.create(
        key="water_fountain", theme="water", geometry_kind="node", title_bg="чешма", title_en="fountain"
    )
    AssetAttribute.objects.create(
        asset_type=kind, key="spouts", title_bg="чучури", title_en="spouts", type="integer", unit=""
    )
    publish([hydrant(network, point(5, 5), asset_type="water_fountain", attributes={"spouts": 3})])
    layer = catalogue_of(reader_of(None)).get("water_fountain")
    assert layer is not None
    column = layer.column("spouts")
    assert column is not None
    assert (layer.geometry, layer.title_en, column.type) == ("Point", "fountain", "integer")


def test_a_layer_of_closed_networks_is_unknown_to_the_public(closed: Network, olena: User, stranger: User) -> None:
    assert "water_pipe" not in keys(None)
    assert "water_pipe" not in keys(stranger)
    assert "water_pipe" in keys(olena)


def test_an_operator_sees_the_own_network(closed: Network, stranger: User) -> None:
    RoleGrant.objects.create(user=stranger, role=Role.OPERATOR, network_id=closed.pk)
    assert "water_pipe" in keys(stranger)


def test_a_closed_asset_type_is_unknown_to_the_public(publish: Publish, network: Network, olena: User) -> None:
    publish([pipe(network, line((0, 0), (50, 0)))])
    kind = AssetType.objects.get(key="water_pipe")
    kind.audience = Audience.INTERNAL
    kind.save()
    assert "water_pipe" not in keys(None)
    assert "water_pipe" in keys(olena)


def test_closed_columns_are_not_in_the_publics_layer(publish: Publish, network: Network, olena: User) -> None:
    publish([pipe(network, line((0, 0), (50, 0)))])
    public, staff = (catalogue_of(reader_of(user)).get("water_pipe") for user in (None, olena))
    assert public is not None
    assert staff is not None
    assert (public.column("capacity"), staff.column("capacity") is not None) == (None, True)


def test_the_revision_of_a_layer_rises_with_its_features_only(publish: Publish, network: Network) -> None:
    publish([pipe(network, line((0, 0), (50, 0))), hydrant(network, point(50, 0))])
    before = catalogue_of(reader_of(None))
    publish([pipe(network, line((50, 0), (90, 0)))])
    after = catalogue_of(reader_of(None))
    risen = {layer.key for layer in after if after.revision(layer) != before.revision(layer)}
    assert risen == {"water_pipe"}


def test_nothing_is_read_twice_while_nothing_is_published(
    publish: Publish, network: Network, django_assert_max_num_queries: object
) -> None:
    publish([pipe(network, line((0, 0), (50, 0)))])
    reader = reader_of(None)
    catalogue_of(reader)
    with django_assert_max_num_queries(1):  # type: ignore[operator]
        catalogue_of(reader)


def edited(user: User) -> set[str]:
    return {layer.key for layer in editing_catalogue(user)}


@pytest.fixture
def here(stranger: User, zone: Zone) -> User:
    """Edits the test zone only."""
    RoleGrant.objects.create(user=stranger, role=Role.EDITOR, zone_id=zone.pk)
    return stranger


def test_whoever_edits_nothing_has_no_layer_to_edit(network: Network, stranger: User, boris: User) -> None:
    assert edited(stranger) == edited(boris) == set()


def test_also_empty_layers_of_a_theme_can_be_edited(network: Network, olena: User) -> None:
    assert {"parcels", "water_pipe", "water_hydrant"} <= edited(olena)


def test_no_layer_of_a_theme_without_a_network_can_be_edited(network: Network, olena: User) -> None:
    AssetType.objects.get_or_create(
        key="gas_pipe", defaults={"theme": "gas", "geometry_kind": "link", "title_bg": "г", "title_en": "g"}
    )
    assert "gas_pipe" not in edited(olena)


def test_an_operator_edits_the_own_network_and_no_land(network: Network, stranger: User) -> None:
    RoleGrant.objects.create(user=stranger, role=Role.OPERATOR, network_id=network.pk)
    assert {"water_pipe", "water_hydrant"} <= edited(stranger)
    assert all(key.startswith("water_") for key in edited(stranger))


def test_the_editor_of_a_zone_edits_also_internal_columns(network: Network, here: User) -> None:
    pipes, offers = editing_catalogue(here).get("water_pipe"), editing_catalogue(here).get("offers")
    assert pipes is not None
    assert offers is not None
    assert pipes.column("capacity")
    assert offers.column("awarded_party")


def test_the_editor_of_a_zone_sees_just_what_lies_there(publish: Publish, zone: Zone, here: User) -> None:
    inside, outside = parcel("73626.1.1", square(0, 0), zone.pk), parcel("73626.1.2", square(200, 0))
    publish([inside, outside])
    catalogue = editing_catalogue(here)
    layer = catalogue.get("parcels")
    assert layer is not None
    assert count(Query(layer=layer, reader=catalogue.reader)) == 1


def test_computed_columns_cannot_be_written(network: Network, olena: User) -> None:
    computed = {
        (layer.key, column.name)
        for layer in editing_catalogue(olena)
        for column in layer.columns
        if column.writes is None and layer.key in ("parcels", "water_pipe")
    }
    assert computed == {("parcels", "area_m2"), ("parcels", "begin_lifespan_version"), ("water_pipe", "length_m")}


def test_what_is_added_to_a_layer_is_of_its_kind(network: Network, olena: User) -> None:
    layer = editing_catalogue(olena).get("water_pipe")
    assert layer is not None
    assert layer.fixed == {"asset_type": "water_pipe"}
