from django.db import connection
from procrastinate.contrib.django import app
from structlog.testing import capture_logs

from registries.core import audit, chain, tasks


def test_the_audit_is_verified_each_night():
    (found,) = [task for task in app.periodic_registry.periodic_tasks.values() if "audit" in task.task.name]
    assert found.task.name == "registries.core.tasks.verify_audit"
    assert found.task.queueing_lock


def test_each_night_the_audit_is_verified_and_its_head_logged(boris):
    audit.record(boris, "publish", "change_set 7")
    connection.check_constraints()
    head = chain.head()
    with capture_logs() as logged:
        tasks.verify_audit(timestamp=0)
    assert logged == [{"event": "audit verified", "head": str(head), "findings": 0, "log_level": "info"}]
    assert chain.last_verification().head == head


def test_what_was_changed_behind_its_back_is_an_error_in_the_log(boris):
    entry = audit.record(boris, "publish", "change_set 7")
    connection.check_constraints()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE core_auditentry SET action = 'saw'")
        cursor.execute("SET LOCAL session_replication_role = origin")
    with capture_logs() as logged:
        tasks.verify_audit(timestamp=0)
    assert {"event": "audit broken", "kind": "changed", "entry": entry.pk}.items() <= logged[0].items()
    assert logged[0]["log_level"] == "error"
    assert chain.last_verification().findings == 1
