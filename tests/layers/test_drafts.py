"""Reading with one's own draft: published data, with what the person has drafted through QGIS laid over it."""

from __future__ import annotations

from layers.access import reader_of
from layers.catalogue import catalogue_of, editing_catalogue
from layers.drafts import draft_of
from layers.known import count_of, extent_of
from layers.layer import Layer
from layers.moment import Draft, seen
from layers.query import Query, snapshot
from registries.changes import door
from registries.changes.edits import Edit
from registries.changes.sessions import collect
from registries.core.models import User
from registries.land.models import Parcel, Zone
from tests.conftest import Publish, parcel, square


def query(person: User, key: str) -> Query:
    catalogue = editing_catalogue(person)
    layer = catalogue.get(key)
    assert isinstance(layer, Layer)
    return Query(layer=layer, reader=catalogue.reader)


def counted(person: User, key: str) -> int:
    view, asked = draft_of(person), query(person, key)
    with snapshot(view) as is_published:
        return count_of(asked, is_published=is_published, when=view)


def test_the_draft_of_a_person_is_all_their_sessions(olena: User, zone: Zone) -> None:
    sets = collect(olena, [parcel("73626.1.1", square(0, 0), zone.pk), parcel("73626.1.2", square(300, 0))])
    assert draft_of(olena) == Draft(tuple(sorted(one.pk for one in sets)))


def test_nobody_and_others_have_no_draft(olena: User, ada: User, zone: Zone) -> None:
    collect(olena, [parcel("73626.1.1", square(0, 0), zone.pk)])
    assert (draft_of(ada), draft_of(None)) == (None, None)


def test_what_was_handed_in_is_no_draft_any_more(olena: User, zone: Zone) -> None:
    (session,) = collect(olena, [parcel("73626.1.1", square(0, 0), zone.pk)])
    door.submit(olena, session)
    assert draft_of(olena) is None


def test_the_author_reads_the_draft_and_others_what_is_published(olena: User, ada: User, zone: Zone) -> None:
    collect(olena, [parcel("73626.1.1", square(0, 0), zone.pk)])
    assert (counted(olena, "parcels"), counted(ada, "parcels")) == (1, 0)


def test_what_was_counted_in_a_draft_is_not_kept(olena: User, zone: Zone) -> None:
    collect(olena, [parcel("73626.1.1", square(0, 0), zone.pk)])
    before = counted(olena, "parcels")
    collect(olena, [parcel("73626.1.2", square(300, 0), zone.pk)])
    assert (before, counted(olena, "parcels")) == (1, 2)


def test_an_extent_measured_in_a_draft_is_that_of_what_is_published(olena: User, publish: Publish, zone: Zone) -> None:
    publish([parcel("73626.1.1", square(0, 0), zone.pk)])
    collect(olena, [parcel("73626.1.2", square(900, 900), zone.pk)])
    catalogue = catalogue_of(reader_of(olena))
    layer = catalogue.get("parcels")
    assert layer is not None
    with seen(draft_of(olena)):
        west, _south, east, _north = extent_of(catalogue, layer)
    assert east - west < 0.002


def test_an_empty_draft_is_what_is_published(olena: User, zone: Zone) -> None:
    with seen(Draft(())):
        assert not Parcel.objects.exists()


def test_what_one_removed_from_a_layer_is_not_found(olena: User, publish: Publish, zone: Zone) -> None:
    edit = parcel("73626.1.1", square(0, 0), zone.pk)
    publish([edit])
    collect(olena, [Edit.delete("land.parcel", edit.object_id)])
    assert counted(olena, "parcels") == 0
