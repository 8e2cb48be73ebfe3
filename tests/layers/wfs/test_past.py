"""WFS of another day than today: the parameter AT, and the temporal operators of FES 2.0."""

from datetime import datetime, timedelta

import pytest

from layers.wfs.fes import read
from registries.changes.edits import Edit
from registries.core.errors import BadInput
from tests.conftest import EAST, NORTH, Publish, parcel, square
from tests.layers.wfs.client import ask

START = '<Filter xmlns="http://www.opengis.net/fes/2.0" xmlns:gml="http://www.opengis.net/gml/3.2">'
NAME = "<ValueReference>zone:begin_lifespan_version</ValueReference>"
BOX = (
    f'<BBOX><gml:Envelope srsName="urn:ogc:def:crs:EPSG::7801"><gml:lowerCorner>{NORTH} {EAST}</gml:lowerCorner>'
    f"<gml:upperCorner>{NORTH + 500} {EAST + 500}</gml:upperCorner></gml:Envelope></BBOX>"
)
TICK = timedelta(microseconds=1)


def at(moment: datetime) -> str:
    return f'<gml:TimeInstant gml:id="t"><gml:timePosition>{moment.isoformat()}</gml:timePosition></gml:TimeInstant>'


def period(begin: datetime, end: datetime) -> str:
    return (
        f'<gml:TimePeriod gml:id="t"><gml:beginPosition>{begin.isoformat()}</gml:beginPosition>'
        f"<gml:endPosition>{end.isoformat()}</gml:endPosition></gml:TimePeriod>"
    )


def filtered(operator: str, time: str, name: str = NAME) -> str:
    return f"{START}<{operator}>{name}{time}</{operator}></Filter>"


@pytest.fixture(autouse=True)
def open_history(settings):
    settings.PUBLIC_HISTORY = True


@pytest.fixture
def days(publish: Publish, zone) -> tuple[datetime | None, datetime | None]:
    """When the parcel was old, and when it became new."""
    edit = parcel("73626.1.1", square(0, 0), zone.pk, label="old")
    first = publish([edit]).published_at
    return first, publish([Edit.update("land.parcel", edit.object_id, {"label": "new"})]).published_at


def labels(client, **values) -> list[str]:
    answer = ask(client, typeNames="parcels", **values)
    assert answer.status == 200, answer.content
    return [found.text for found in answer.all("//zone:label")]


def test_at_shows_what_was_published_then(client, days):
    assert labels(client, at=days[0].isoformat()) == ["old"]


def test_at_counts_what_was_published_then(client, days):
    assert ask(client, typeNames="parcels", resultType="hits", at="1999-01-01").text("/*/@numberMatched") == "0"


def test_one_feature_can_be_asked_for_as_it_was(client, days):
    (id,) = ask(client, typeNames="parcels").ids
    stored = "urn:ogc:def:query:OGC-WFS::GetFeatureById"
    answer = ask(client, storedquery_id=stored, id=id, at=days[0].isoformat())
    assert answer.text("//zone:label") == "old"


@pytest.mark.parametrize(
    ("operator", "time", "expected"),
    [
        ("TEquals", lambda old, new: at(old), ["old"]),
        ("TEquals", lambda old, new: at(new), ["new"]),
        ("Before", lambda old, new: at(new), ["old"]),
        ("Before", lambda old, new: at(old), []),
        ("After", lambda old, new: at(old), ["new"]),
        ("During", lambda old, new: period(old, new - TICK), ["old"]),
        ("AnyInteracts", lambda old, new: period(old, new), ["new"]),
    ],
)
def test_an_operator_shows_each_feature_as_it_was_last_in_that_time(client, days, operator, time, expected):
    assert labels(client, filter=filtered(operator, time(*days))) == expected


def test_a_time_and_a_box_may_be_joined(client, days):
    time = f"<TEquals>{NAME}{at(days[0])}</TEquals>"
    assert labels(client, filter=f"{START}<And>{BOX}{time}</And></Filter>") == ["old"]
    far = BOX.replace(str(EAST), str(EAST - 5000)).replace(str(EAST + 500), str(EAST - 4000))
    assert labels(client, filter=f"{START}<And>{far}{time}</And></Filter>") == []


@pytest.mark.parametrize(
    "text",
    [
        f"{START}<And/></Filter>",
        filtered("TEquals", ""),
        filtered("TOverlaps", period(datetime(2020, 1, 1), datetime(2020, 1, 2))),
        f"{START}<Not><TEquals>{NAME}{at(datetime(2020, 1, 1))}</TEquals></Not></Filter>",
        filtered("TEquals", "<gml:TimeInstant/>"),
        filtered("TEquals", "<gml:TimeInstant><gml:timePosition>tomorrow</gml:timePosition></gml:TimeInstant>"),
    ],
)
def test_what_asks_about_the_past_in_another_way_is_refused(text):
    with pytest.raises(BadInput):
        read(text, "2.0.0")


def test_queries_of_several_times_are_refused(client, days):
    filters = "".join(f"({filtered('TEquals', at(day))})" for day in days)
    answer = ask(client, typeNames="(parcels)(parcels)", filter=filters)
    assert (answer.status, answer.locator) == (400, "filter")


@pytest.mark.parametrize("at", ["yesterday", "2020-05-01T10:00:00", "2020-99-99", "'; DROP TABLE x", "9999-12-31"])
def test_a_wrong_at_is_told_by_name(client, days, at):
    answer = ask(client, typeNames="parcels", at=at)
    assert (answer.status, answer.code, answer.locator) == (400, "InvalidParameterValue", "at")


def test_without_the_right_the_past_is_refused(client, days, settings):
    settings.PUBLIC_HISTORY = False
    for more in ({"at": "2020-01-01"}, {"filter": filtered("TEquals", at(days[0]))}):
        answer = ask(client, typeNames="parcels", **more)
        assert (answer.status, answer.locator) == (403, "at")


def test_the_capabilities_tell_of_it(client, days):
    answer = ask(client, "GetCapabilities")
    assert answer.all('//ows:Operation[@name="GetFeature"]/ows:Parameter[@name="AT"]/ows:AnyValue')
    assert {"TEquals", "During", "Before", "After"} <= set(answer.all("//fes:TemporalOperator/@name"))
