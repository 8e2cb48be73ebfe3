from datetime import timedelta

import pytest
from django.utils import timezone

from registries.core.errors import TooMany
from registries.dealings import throttle
from registries.dealings.models import Knock

pytestmark = pytest.mark.django_db
HERE = "192.0.2.1"


def knock_often(address: str = HERE) -> None:
    for _time in range(throttle.NUMBERS.most_an_hour):
        throttle.knock(throttle.NUMBERS, address)


def test_too_many_tries_are_refused():
    knock_often()
    with pytest.raises(TooMany):
        throttle.knock(throttle.NUMBERS, HERE)


@pytest.mark.parametrize(("door", "address"), [(throttle.NUMBERS, "192.0.2.2"), (throttle.ENQUIRIES, HERE)])
def test_others_and_other_doors_are_not_concerned(door, address):
    knock_often()
    throttle.check(door, address)


def test_after_an_hour_it_is_possible_again():
    knock_often()
    Knock.objects.update(at=timezone.now() - timedelta(minutes=61))
    throttle.check(throttle.NUMBERS, HERE)


def test_the_address_itself_is_not_kept():
    throttle.knock(throttle.NUMBERS, HERE)
    assert HERE not in Knock.objects.get().who


def test_tries_are_forgotten():
    throttle.knock(throttle.NUMBERS, HERE)
    Knock.objects.update(at=timezone.now() - timedelta(days=2))
    throttle.forget()
    assert not Knock.objects.exists()
