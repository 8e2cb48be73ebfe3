import pytest
from django.urls import reverse

from gis_portal import demo_people
from gis_portal.setup.people import PASSWORD
from registries.core.models import RoleGrant, User
from registries.core.rights import Place, rights_of

pytestmark = pytest.mark.django_db
ANYWHERE = [Place()]


def test_olena_edits_and_does_not_review():
    rights = rights_of(demo_people.create()["olena"])
    assert rights.may_edit(ANYWHERE)
    assert not rights.may_review(ANYWHERE)


def test_boris_reviews_and_does_not_edit():
    rights = rights_of(demo_people.create()["boris"])
    assert rights.may_review(ANYWHERE)
    assert not rights.may_edit(ANYWHERE)


@pytest.mark.parametrize(
    ("name", "room"), [("olena", "/desk/"), ("boris", "/desk/"), ("iskra", "/desk/enquiries/"), ("admin", "/admin/")]
)
def test_everybody_can_sign_in_at_the_staff_desk(client, name, room):
    demo_people.create()
    assert client.post(reverse("login"), {"username": name, "password": PASSWORD}).status_code == 302
    assert client.get(room).status_code == 200


def test_iskra_answers_investors_and_neither_edits_nor_reviews():
    rights = rights_of(demo_people.create()["iskra"])
    assert rights.advises_somewhere()
    assert not rights.is_staff_somewhere()


def test_only_the_administrator_is_a_superuser():
    demo_people.create()
    assert list(User.objects.filter(is_superuser=True).values_list("username", flat=True)) == ["admin"]


def test_a_second_time_changes_nothing():
    demo_people.create()["olena"].set_password("her own secret")
    before = list(User.objects.order_by("id").values()), list(RoleGrant.objects.order_by("id").values())
    demo_people.create()
    assert (list(User.objects.order_by("id").values()), list(RoleGrant.objects.order_by("id").values())) == before
