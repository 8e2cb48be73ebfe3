import pytest
from django.db import transaction

from registries.core.models import CodeValue
from registries.core.revisions import bump, number_of

pytestmark = pytest.mark.django_db


def test_a_topic_that_never_changed_has_number_zero():
    assert number_of("land.nothing") == 0


def test_each_change_raises_the_number():
    bump(["land.zone"])
    first = number_of("land.zone")
    bump(["land.zone"])
    assert number_of("land.zone") > first > 0


def test_other_topics_keep_their_number():
    bump(["land.zone", "land.plot"])
    before = number_of("land.plot")
    bump(["land.zone"])
    assert number_of("land.plot") == before


def test_no_topics_need_no_query(django_assert_num_queries):
    with django_assert_num_queries(0):
        bump([])


def test_a_rolled_back_number_is_never_given_out_again():
    seen = 0
    try:
        with transaction.atomic():
            bump(["land.zone"])
            seen = number_of("land.zone")
            raise RuntimeError
    except RuntimeError:
        pass
    bump(["land.zone"])
    assert number_of("land.zone") > seen


@pytest.mark.parametrize("change", ["save", "delete"])
def test_codes_changed_one_by_one_raise_their_topic(change):
    code = CodeValue.objects.create(code_list="colour", value="red", title_bg="червен", title_en="red")
    before = number_of("core.codes")
    getattr(code, change)()
    assert number_of("core.codes") > before
