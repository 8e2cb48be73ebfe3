from __future__ import annotations

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.signals import user_login_failed
from django.utils import timezone

from gis_portal import tasks
from gis_portal.people import lockout
from registries.core.models import AuditEntry
from tests.gis_portal.people.conftest import is_known, log_in

HERE, THERE = {"REMOTE_ADDR": "192.0.2.1"}, {"REMOTE_ADDR": "198.51.100.7"}


def fail(client, name="olena", times=5, **where):
    for _time in range(times):
        answer = log_in(client, name, "wrong", **where)
    return answer


def test_after_five_failures_the_right_password_does_not_open(client, password):
    fail(client)
    answer = log_in(client, "olena")
    assert answer.status_code == 429
    assert not is_known(client)


def test_four_failures_lock_nothing(client, password):
    fail(client, times=4)
    assert log_in(client, "olena").status_code == 302


def test_the_page_says_when_to_try_again(client, password):
    words = str(fail(client).context["form"].non_field_errors())
    last = AccessAttempt.objects.get().attempt_time
    told = timezone.localtime(last + timedelta(minutes=16))
    assert f"{told:%H:%M}" in words


def test_the_lock_ends_by_itself_however_often_somebody_tries(client, password):
    fail(client)
    first = AccessAttempt.objects.get().attempt_time
    fail(client, times=3)
    assert AccessAttempt.objects.get().attempt_time == first
    AccessAttempt.objects.update(attempt_time=first - timedelta(minutes=16))
    assert log_in(client, "olena").status_code == 302


def test_a_log_in_forgets_the_failures_before_it(client, password):
    fail(client, times=4)
    log_in(client, "olena")
    fail(client, times=4)
    assert log_in(client, "olena").status_code == 302


def test_nobody_locks_others_out_from_elsewhere(client, password):
    fail(client, **THERE)
    assert log_in(client, "olena", **HERE).status_code == 302


def test_colleagues_at_the_same_address_stay_free(client, password):
    fail(client, **HERE)
    assert log_in(client, "boris", **HERE).status_code == 302


def test_a_name_that_nobody_has_is_locked_alike(client, password):
    assert fail(client, "nobody", times=6).status_code == fail(client, "olena", times=6).status_code == 429


def test_another_browser_does_not_help(client, password):
    for number in range(5):
        log_in(client, "olena", "wrong", HTTP_USER_AGENT=f"agent {number}")
    assert log_in(client, "olena", HTTP_USER_AGENT="fresh").status_code == 429


def test_without_a_proxy_the_header_of_addresses_does_not_help(settings, client, password):
    settings.TRUSTED_PROXIES = 0
    for number in range(5):
        log_in(client, "olena", "wrong", HTTP_X_FORWARDED_FOR=f"203.0.113.{number}")
    assert log_in(client, "olena", HTTP_X_FORWARDED_FOR="203.0.113.99").status_code == 429


def test_behind_a_proxy_only_its_own_entry_counts(settings, client, password):
    settings.TRUSTED_PROXIES = 1
    for number in range(5):
        log_in(client, "olena", "wrong", HTTP_X_FORWARDED_FOR=f"203.0.113.{number}, 192.0.2.1")
    assert log_in(client, "olena", HTTP_X_FORWARDED_FOR="203.0.113.99, 192.0.2.1").status_code == 429
    assert log_in(client, "olena", HTTP_X_FORWARDED_FOR="192.0.2.1, 198.51.100.7").status_code == 302


def test_one_lock_is_one_entry_of_the_audit(client, olena, password):
    fail(client, times=9)
    actions = list(AuditEntry.objects.filter(subject=f"core.user:{olena.pk}").values_list("action", flat=True))
    assert sorted(actions) == ["fail to log in"] * 5 + ["lock out"]


def test_an_administrator_ends_a_lock(client, olena, ada, password):
    fail(client)
    assert lockout.unlock(ada, olena)
    assert log_in(client, "olena").status_code == 302
    assert AuditEntry.objects.get(action="unlock").actor == ada


def test_a_failure_without_a_request_is_nobody_s(db):
    lockout.note_failure(user_login_failed, {"username": "olena"})
    assert not AuditEntry.objects.exists()


def test_what_is_counted_is_forgotten_at_night(client, password):
    fail(client, times=2)
    tasks.forget_failures(0)
    assert AccessAttempt.objects.exists()
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=16))
    tasks.forget_failures(0)
    assert not AccessAttempt.objects.exists()


def test_no_password_is_kept_of_a_failure(client, password):
    log_in(client, "olena", "my-other-password")
    assert "my-other-password" not in str(AccessAttempt.objects.values().get())


@pytest.mark.parametrize("limit", [2, 7])
def test_the_number_of_failures_is_a_setting(settings, client, password, limit):
    settings.LOGIN_FAILURES_MAX = settings.AXES_FAILURE_LIMIT = limit
    fail(client, times=limit - 1)
    assert log_in(client, "olena", "wrong").status_code == 429
