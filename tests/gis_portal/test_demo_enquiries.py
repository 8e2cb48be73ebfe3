import pytest

from gis_portal import demo_enquiries, demo_people
from registries.dealings import states
from registries.dealings.models import Enquiry
from registries.notices.models import Letter
from tests.flows import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def land(publish):
    publish(world.land())


def test_the_board_has_something_in_each_column(land):
    demo_enquiries.create(demo_people.create()["iskra"])
    assert set(Enquiry.objects.values_list("state", flat=True)) == set(states.COLUMNS)


def test_nobody_is_written_to(land):
    demo_enquiries.create(demo_people.create()["iskra"])
    assert not Letter.objects.exists()


def test_a_second_time_changes_nothing(land):
    iskra = demo_people.create()["iskra"]
    demo_enquiries.create(iskra)
    before = list(Enquiry.objects.order_by("pk").values())
    demo_enquiries.create(iskra)
    assert list(Enquiry.objects.order_by("pk").values()) == before
