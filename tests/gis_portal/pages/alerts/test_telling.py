"""What the worker tells of a saved search: what is new, once, in its language, as often as was wished."""

from datetime import timedelta

import pytest
from django.utils import timezone

from gis_portal.pages.alerts import asking, jobs, telling
from registries.changes.edits import Edit
from registries.notices.models import SavedSearch
from tests.gis_portal.pages.alerts.conftest import ask, letters, open_for

pytestmark = pytest.mark.django_db


def told() -> list[str]:
    """The texts of the letters that one round has written."""
    before = len(letters())
    telling.tell_all()
    return [letter.body for letter in letters()[before:]]


def test_what_matched_when_it_was_confirmed_is_no_news(plot, confirmed):
    plot("П-1")
    confirmed()
    assert told() == []


def test_a_plot_that_begins_to_match_is_told_with_its_page(plot, confirmed):
    confirmed()
    plot("П-1")
    (text,) = told()
    assert "New among the plots that match." in text
    assert "https://portal.example/plots/%D0%9F-1/?zone=east&lang=en" in text


def test_nothing_is_told_twice_however_often_the_job_runs(plot, confirmed):
    confirmed()
    plot("П-1")
    assert len(told()) == 1
    jobs.tell_news(timestamp=0)
    jobs.tell_news(timestamp=0)
    assert len(letters()) == 1


def test_a_plot_that_does_not_match_is_no_news(plot, confirmed):
    confirmed()
    plot("П-1", status="planned")
    assert told() == []


def test_a_plot_that_becomes_available_is_told_so(plot, publish, confirmed):
    key = plot("П-1", status="planned")
    confirmed("")
    publish([Edit.update("land.plot", key, {"status": "available"})])
    assert "Available now." in told()[0]


def test_an_offer_of_a_known_plot_is_told(plot, offer, confirmed):
    key = plot("П-1")
    confirmed()
    offer(key)
    (text,) = told()
    assert "Offered now." in text
    assert "38.50\u00a0€ per m²" in text


def test_a_changed_price_is_told_with_what_it_was(plot, offer, publish, confirmed):
    asked = offer(plot("П-1"))
    confirmed()
    publish([Edit.update("land.offer", asked, {"price": "35"})])
    (text,) = told()
    assert "it was 38.50\u00a0€ per m²" in text
    assert "sale, 35.00\u00a0€ per m²" in text


def test_a_changed_deadline_is_told(plot, offer, publish, confirmed):
    asked = offer(plot("П-1"))
    confirmed()
    publish([Edit.update("land.offer", asked, open_for(90))])
    assert "last day changed" in told()[0]


def test_an_offer_that_closes_soon_is_told_once(plot, offer, confirmed):
    offer(plot("П-1"), days=5)
    search = confirmed()
    for facts in search.known.values():
        facts["soon"] = False
    SavedSearch.objects.update(known=search.known, looked_at=timezone.now() - timedelta(days=2))
    telling.tell(search.pk)
    telling.tell(search.pk)
    assert [("The offer closes soon." in letter.body) for letter in letters()] == [True]


def test_a_letter_is_in_the_language_of_its_search(plot, confirmed):
    confirmed(language="bg")
    plot("П-1")
    assert "lang=bg" in told()[0]
    assert "m²" not in letters()[0].body


def test_a_daily_letter_waits_for_the_morning(plot, confirmed):
    search = confirmed(pace="daily")
    plot("П-1")
    assert told() == []
    SavedSearch.objects.filter(pk=search.pk).update(looked_at=timezone.now() - timedelta(days=1, hours=1))
    assert list(telling._due()) == [search.pk]


def test_nothing_is_told_before_the_search_is_confirmed(plot, zone):
    ask()
    plot("П-1")
    assert told() == []


def test_nothing_is_told_after_the_search_was_ended(plot, confirmed):
    search = confirmed()
    asking.end(search)
    plot("П-1")
    telling.tell(search.pk)
    assert letters() == []


def test_a_search_for_what_exists_no_more_holds_up_no_other(plot, confirmed):
    confirmed("area_min=1")
    lost = confirmed("area_min=2")
    SavedSearch.objects.filter(pk=lost.pk).update(terms="status=nonsense")
    plot("П-1")
    assert len(told()) == 1


def test_one_letter_tells_all_that_is_new(plot, confirmed):
    confirmed()
    plot("П-1"), plot("П-2")
    telling.tell_all()
    assert [letter.subject.split(" – ")[0] for letter in letters()] == ["2 plots with news for you"]


def test_of_very_many_plots_a_letter_tells_how_many_more_there_are(plot, confirmed, monkeypatch):
    monkeypatch.setattr(telling, "MOST", 1)
    confirmed()
    plot("П-1"), plot("П-2"), plot("П-3")
    assert "and 2 more plots." in told()[0]


def test_what_is_not_open_to_everybody_is_not_told(plot, offer, confirmed):
    key = plot("П-1")
    confirmed()
    offer(key, state="draft")
    assert told() == []
