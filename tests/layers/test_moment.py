"""The one reading of a past day: what it takes, what it refuses, and who may ask."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from layers import moment
from layers.moment import When, asked, instant, interval, is_open_to, permitted, seen
from registries.changes.edits import Edit
from registries.core.errors import BadInput, NotAllowed
from registries.core.models import Role, RoleGrant
from registries.land.models import Parcel
from tests.conftest import parcel, square

NOBODY = AnonymousUser()
LONG_AGO = "2020-05-01"
HOSTILE = [
    "yesterday", "2020", "2020-05", "2020-13-01", "2020-02-30", "2020-05-01T10:00:00", "2020-05-01T25:00:00Z",
    "20200501", "2020-W18-5", "2020-05-01/2020-06-01", "0001-01-01", "9999-12-31", "-2020-05-01", "2020-05-01\x00",
    "'; DROP TABLE x", "٢٠٢٠-٠٥-٠١", "2020-05-01T10:00:00+99:00", "2020-05-01T10:00:60Z", "1e9", "now", "infinity",
]  # fmt: skip


def test_a_date_is_the_end_of_that_day_where_the_portal_stands():
    when = instant(LONG_AGO, "at")
    assert when.start == when.end == datetime(2020, 5, 1, 20, 59, 59, 999999, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    ["2020-05-01T10:00:00Z", "2020-05-01t10:00:00z", "2020-05-01T12:00:00+02:00", "2020-05-01T12:00:00 02:00",
     "2020-05-01T10:00:00.000Z"],
)  # fmt: skip
def test_an_instant_is_taken_as_rfc_3339_has_it(text):
    assert instant(text, "at").start == datetime(2020, 5, 1, 10, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "  ", "2999-01-01", "2999-01-01T00:00:00Z"])
def test_nothing_and_the_future_are_today(text):
    assert instant(text, "at") is None


def test_this_very_day_is_today():
    assert instant(timezone.localdate().isoformat(), "at") is None


@pytest.mark.parametrize("text", HOSTILE)
def test_anything_else_is_refused_by_name(text):
    with pytest.raises(BadInput) as refused:
        instant(text, "when")
    assert refused.value.locator == "when"


@pytest.mark.parametrize("text", ["../..", "/", "2999-01-01/..", "../"])
def test_a_time_that_holds_all_or_only_the_future_is_today(text):
    assert interval(text, "datetime") is None


def test_an_interval_includes_both_days():
    when = interval("2020-05-01/2020-05-02", "datetime")
    assert when is not None
    assert when.start is not None
    assert when.end is not None
    assert when.end - when.start == timedelta(days=2) - timedelta(microseconds=1)


def test_an_interval_that_reaches_the_future_is_open():
    assert interval("2020-05-01/2999-01-01", "datetime").end is None


def test_an_interval_that_ends_before_it_begins_is_refused():
    with pytest.raises(BadInput):
        interval("2020-05-02/2020-05-01", "datetime")


def test_the_public_may_ask_where_the_installation_says_so(settings):
    settings.PUBLIC_HISTORY = True
    assert is_open_to(NOBODY)


def test_elsewhere_the_public_may_not(settings):
    settings.PUBLIC_HISTORY = False
    with pytest.raises(NotAllowed):
        asked(NOBODY, LONG_AGO)


def test_today_is_everybodys(settings):
    settings.PUBLIC_HISTORY = False
    assert asked(NOBODY, "2999-01-01") is None


def test_of_a_time_that_reaches_today_everybody_is_told_todays_part(settings):
    settings.PUBLIC_HISTORY = False
    assert permitted(NOBODY, interval("2020-05-01/..", "datetime"), "datetime") is None


@pytest.mark.parametrize(("role", "may"), [("editor", True), ("reviewer", True), ("viewer", False)])
def test_staff_may_ask_anywhere(settings, stranger, role, may):
    settings.PUBLIC_HISTORY = False
    RoleGrant.objects.create(user=stranger, role=Role(role))
    assert is_open_to(stranger) is may


def test_what_has_just_been_may_still_change():
    now = timezone.now()
    assert not When(now, now).is_settled
    long_ago = now - moment.SETTLED - timedelta(seconds=1)
    assert When(long_ago, long_ago).is_settled


def test_within_a_stretch_of_time_each_object_is_as_it_was_last(publish, zone):
    edits = [parcel(f"73626.1.{n}", square(200 * n, 0), zone.pk, label="old") for n in range(3)]
    start = publish(edits).published_at
    publish([Edit.update("land.parcel", edits[0].object_id, {"label": "new"})])
    end = publish([Edit.delete("land.parcel", edits[1].object_id)]).published_at
    publish([Edit.update("land.parcel", edits[2].object_id, {"label": "later"})])
    with seen(When(start, end)):
        assert sorted(Parcel.objects.values_list("label", flat=True)) == ["new", "old", "old"]


def test_of_all_time_what_was_removed_is_there(publish, zone):
    edit = parcel("73626.1.1", square(0, 0), zone.pk)
    publish([edit])
    publish([Edit.delete("land.parcel", edit.object_id)])
    with seen(When(None, None)):
        assert Parcel.objects.count() == 1
