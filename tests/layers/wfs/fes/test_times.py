"""Times in filters, in GML or in a literal."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.utils import timezone

from layers.filters.nodes import Period, Temporal, Value
from layers.wfs.exceptions import NotParsed, OptionNotServed
from registries.core.errors import BadInput
from tests.layers.wfs.fes.written import node_2

DAY, LATER = date(2020, 5, 1), date(2021, 5, 1)


def time(content: str) -> Value | Period:
    node = node_2(f"<During><ValueReference>installed_on</ValueReference>{content}</During>")
    assert isinstance(node, Temporal)
    assert isinstance(node.right, Value | Period)
    return node.right


def position(text: str, name: str = "timePosition", more: str = "") -> str:
    return f"<gml:{name}{more}>{text}</gml:{name}>"


def instant(text: str) -> str:
    return f"<gml:TimeInstant>{position(text)}</gml:TimeInstant>"


def period(begin: str, end: str) -> str:
    return f"<gml:TimePeriod>{begin}{end}</gml:TimePeriod>"


BEGIN, END = position("2020-05-01", "beginPosition"), position("2021-05-01", "endPosition")


@pytest.mark.parametrize(
    "content",
    [
        instant("2020-05-01"),
        position("2020-05-01"),
        "<Literal>2020-05-01</Literal>",
        "<Literal> 2020-05-01Z\n</Literal>",
        f"<Literal>{instant('2020-05-01')}</Literal>",
        f"<Literal>{position('2020-05-01')}</Literal>",
        position("2020-05-01", more=' frame="#ISO-8601"'),
    ],
)
def test_days(content: str):
    assert time(content) == Value(DAY)


def test_instants_have_a_clock():
    assert time(instant("2020-05-01T12:30:00Z")) == Value(datetime(2020, 5, 1, 12, 30, tzinfo=UTC))


@pytest.mark.parametrize(
    "content",
    [
        period(BEGIN, END),
        period(f"<gml:begin>{instant('2020-05-01')}</gml:begin>", f"<gml:end>{instant('2021-05-01')}</gml:end>"),
        f"<Literal>{period(BEGIN, END)}</Literal>",
    ],
)
def test_periods(content: str):
    assert time(content) == Period(DAY, LATER)


def test_periods_may_be_open():
    open_end = position("", "endPosition", ' indeterminatePosition="unknown"')
    assert time(period(BEGIN, open_end)) == Period(DAY, None)


def test_periods_may_reach_till_now():
    before = timezone.now()
    found = time(period(BEGIN, position("", "endPosition", ' indeterminatePosition="now"')))
    assert isinstance(found, Period)
    assert isinstance(found.end, datetime)
    assert before <= found.end <= timezone.now()


@pytest.mark.parametrize(
    "content",
    ["<gml:TimeInstant/>", "<gml:TimePeriod/>", period(BEGIN, ""), period(BEGIN, BEGIN + END), "<gml:TimeEdge/>",
     period(BEGIN, "<gml:end/>"), position("", more=' indeterminatePosition="unknown"'),
     "<Literal><Literal>2020-05-01</Literal><x/></Literal>"],
)  # fmt: skip
def test_what_is_no_time_is_told(content: str):
    with pytest.raises(BadInput) as failure:
        time(content)
    assert failure.value.locator == "filter"


@pytest.mark.parametrize("text", ["", "tomorrow", "2020-13-01", "2020", "12:00:00", "2020-05-01T25:00:00Z"])
def test_wrong_dates_are_told(text: str):
    with pytest.raises(BadInput) as failure:
        time(instant(text))
    assert failure.value.locator == "filter"
    assert not isinstance(failure.value, NotParsed)


@pytest.mark.parametrize("more", [' indeterminatePosition="after"', ' frame="http://example.org/eras"'])
def test_other_calendars_are_refused(more: str):
    with pytest.raises(OptionNotServed):
        time(position("2020-05-01", more=more))
