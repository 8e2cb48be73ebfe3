"""Readers: who sees which networks, also while a draft or a past day answers."""

from layers.access import reader_of
from registries.changes import door
from registries.changes.edits import Edit
from registries.core.models import User
from registries.core.overlay import as_of, draft
from registries.networks.models import Network
from tests.conftest import Publish


def test_a_public_network_is_seen_by_all(network: Network, stranger: User) -> None:
    assert reader_of(None).networks == reader_of(stranger).networks == (network.pk,)


def test_what_was_public_once_stays_closed_in_the_past(publish: Publish, network: Network, olena: User) -> None:
    moment = publish([Edit.update("networks.network", network.pk, {"owner": "община"})]).published_at
    publish([Edit.update("networks.network", network.pk, {"visibility": 2})])
    with as_of(moment):
        assert Network.objects.get().visibility == 0
        assert reader_of(None).networks == ()
        assert reader_of(olena).networks == (network.pk,)


def test_a_removed_network_is_for_staff(publish: Publish, network: Network, olena: User) -> None:
    moment = publish([Edit.update("networks.network", network.pk, {"owner": "община"})]).published_at
    publish([Edit.delete("networks.network", network.pk)])
    with as_of(moment):
        assert reader_of(None).networks == ()
        assert reader_of(olena).networks == (network.pk,)


def test_a_draft_opens_nothing(network: Network, olena: User, publish: Publish) -> None:
    publish([Edit.update("networks.network", network.pk, {"visibility": 2})])
    opening = Edit.update("networks.network", network.pk, {"visibility": 0})
    change_set = door.propose(olena, [opening], title="x")
    with draft(change_set.pk):
        assert reader_of(None).networks == ()


def test_the_public_needs_one_query(network: Network, django_assert_max_num_queries: object) -> None:
    with django_assert_max_num_queries(1):  # type: ignore[operator]
        reader_of(None)
