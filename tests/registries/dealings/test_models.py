"""Enquiries are the office's own: nothing that publishes knows of them."""

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from layers.access import reader_of
from layers.catalogue import catalogue_of
from registries.core.models import User
from registries.core.records import Record, registries
from registries.dealings.models import Enquiry, State
from registries.land.models import Zone
from tests.registries.dealings.conftest import Ask


def test_no_model_is_a_record_of_the_registry():
    assert not [model for model in apps.get_app_config("dealings").get_models() if issubclass(model, Record)]
    assert not [key for key in registries() if key.startswith("dealings")]


def test_no_layer_reads_them_even_for_an_administrator(ada: User, zone: Zone):
    for layer in catalogue_of(reader_of(ada)):
        read = layer.source.as_string(connection.connection)
        columns = " ".join(column.expression.as_string(connection.connection) for column in layer.columns)
        assert "dealings" not in read + columns


@pytest.mark.parametrize(("state", "reason"), [(State.CLOSED, ""), (State.NEW, "spam")])
def test_the_database_asks_for_a_reason_of_what_is_closed_alone(ask: Ask, state: str, reason: str):
    enquiry = ask()
    with pytest.raises(IntegrityError), transaction.atomic():
        Enquiry.objects.filter(pk=enquiry.pk).update(state=state, reason=reason)
