"""Saved searches from the wish to the end."""

from datetime import timedelta

import pytest
from django.utils import timezone

from gis_portal.pages.alerts import asking
from registries.notices.models import Letter, SavedSearch
from tests.gis_portal.pages.alerts.conftest import EMAIL, ask, letters, link

pytestmark = pytest.mark.django_db


def only() -> SavedSearch:
    return SavedSearch.objects.get()


def test_a_search_that_was_asked_for_waits_for_a_yes():
    ask()
    assert only().confirmed_at is None
    assert [letter.recipient for letter in letters(asking.CONFIRM)] == [EMAIL]


def test_the_letter_tells_the_search_in_words_and_where_to_say_yes():
    ask("area_min=5000")
    (letter,) = letters(asking.CONFIRM)
    assert "5,000 m²" in letter.body
    assert link(letter, "confirm") == f"/alerts/confirm/{only().secret}/?lang=en"


def test_words_that_were_typed_in_do_not_travel_to_a_mailbox_that_has_not_said_yes():
    ask("q=buy+now+at+evil.example")
    assert "evil" not in letters(asking.CONFIRM)[0].body


def test_sorting_and_paging_make_no_other_search():
    ask("status=available&sort=-area&page=3")
    assert only().terms == "status=available"


def test_asked_anew_the_earlier_link_gives_way_to_the_new_one():
    ask()
    earlier = only().secret
    ask()
    assert only().secret != earlier


def test_who_gets_the_letters_already_is_told_so_in_the_mailbox_only(zone, confirmed):
    search = confirmed()
    ask(email=EMAIL.upper())
    (letter,) = letters(asking.KNOWN)
    assert SavedSearch.objects.get() == search
    assert f"/alerts/end/{search.secret}/" in letter.body


def test_one_mailbox_gets_three_letters_a_day_whatever_is_asked():
    for number in range(5):
        ask(f"area_min={number + 1}")
    assert (Letter.objects.count(), SavedSearch.objects.count()) == (3, 3)


def test_the_next_day_it_gets_more():
    for number in range(3):
        ask(f"area_min={number + 1}")
    Letter.objects.update(written_at=timezone.now() - timedelta(hours=25))
    ask()
    assert Letter.objects.count() == 4


def test_every_letter_says_how_programs_end_it():
    ask()
    (letter,) = letters(asking.CONFIRM)
    assert letter.headers == {
        "List-Unsubscribe": f"<https://portal.example/alerts/end/{only().secret}/?lang=en>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def test_what_nobody_confirmed_is_deleted_after_a_week_with_its_letter():
    ask()
    SavedSearch.objects.update(created_at=timezone.now() - timedelta(days=8))
    asking.forget()
    assert (SavedSearch.objects.count(), Letter.objects.count()) == (0, 0)


def test_what_was_asked_for_lately_stays():
    ask()
    asking.forget()
    assert SavedSearch.objects.count() == 1


def test_what_was_ended_is_deleted_after_a_month(zone, confirmed):
    search = confirmed()
    asking.end(search)
    asking.forget()
    assert SavedSearch.objects.count() == 1
    SavedSearch.objects.update(ended_at=timezone.now() - timedelta(days=31))
    asking.forget()
    assert (SavedSearch.objects.count(), Letter.objects.count()) == (0, 0)


def test_an_ended_search_can_be_asked_for_anew(zone, confirmed):
    asking.end(confirmed())
    ask()
    assert SavedSearch.objects.filter(ended_at=None, confirmed_at=None).count() == 1
