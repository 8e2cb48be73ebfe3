import pytest
from django.db import connection
from prometheus_client.parser import text_string_to_metric_families

from gis_portal.ops.metrics import REQUESTS
from registries.core import chain


def values(text: str, name: str) -> dict[tuple[tuple[str, str], ...], float]:
    """Samples called `name` by their labels."""
    families = text_string_to_metric_families(text)
    return {tuple(sorted(s.labels.items())): s.value for f in families for s in f.samples if s.name == name}


def count(view: str, status: str = "200") -> float:
    samples = {s.name: s for metric in REQUESTS.collect() for s in metric.samples if s.labels.get("view") == view
               and s.labels["status"] == status}  # fmt: skip
    return samples["portal_request_seconds_count"].value if samples else 0


def test_a_request_counts_under_its_view_with_the_time_it_took(client):
    before = count("healthz")
    client.get("/healthz")
    assert count("healthz") == before + 1


@pytest.mark.urls("tests.gis_portal.urls")
def test_addresses_make_no_series_of_their_own(client):
    before = count("none", "404")
    client.get("/invented/1")
    client.get("/invented/2")
    assert count("none", "404") == before + 2


def test_an_invented_method_makes_no_series_of_its_own(client):
    client.generic("BREW", "/healthz")
    methods = {s.labels["method"] for m in REQUESTS.collect() for s in m.samples}
    assert "other" in methods
    assert "BREW" not in methods


@pytest.mark.django_db
def test_metrics_hold_requests_jobs_and_change_sets(client, olena):
    olena.change_sets.create(title="Нова тръба")
    client.get("/healthz")
    text = client.get("/metrics").text
    assert values(text, "portal_change_sets") == {(("state", "draft"),): 1}
    assert values(text, "portal_database_up") == {(): 1}
    assert values(text, "portal_request_seconds_count")


@pytest.mark.django_db
def test_metrics_count_waiting_jobs_by_queue(client):
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_jobs (queue_name, task_name) VALUES ('maps', 't'), ('maps', 'u')")
    jobs = values(client.get("/metrics").text, "portal_jobs")
    assert jobs == {(("queue", "maps"), ("status", "todo")): 2}


@pytest.mark.django_db
def test_metrics_tell_what_the_latest_verification_of_the_audit_found(client):
    assert values(client.get("/metrics").text, "portal_audit_findings") == {}
    outcome = chain.verify(lambda finding: None)
    text = client.get("/metrics").text
    assert values(text, "portal_audit_findings") == {(): 0}
    (verified_at,) = values(text, "portal_audit_verified_timestamp_seconds").values()
    assert verified_at == pytest.approx(outcome.at.timestamp(), abs=0.01)


def test_without_a_database_metrics_say_so(client, unreachable_database):
    assert values(client.get("/metrics").text, "portal_database_up") == {(): 0}


@pytest.mark.parametrize(
    "stranger",
    [
        {"REMOTE_ADDR": "203.0.113.5"},
        {"REMOTE_ADDR": ""},
        {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "203.0.113.5"},
        {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_PROTO": "https"},
        {"REMOTE_ADDR": "203.0.113.5", "HTTP_AUTHORIZATION": "Bearer wrong"},
        {"REMOTE_ADDR": "203.0.113.5", "HTTP_AUTHORIZATION": "Bearer "},
    ],
)
def test_metrics_are_not_public(client, stranger):
    assert client.get("/metrics", **stranger).status_code == 403


@pytest.mark.django_db
def test_a_token_opens_metrics_from_elsewhere(client, settings):
    settings.METRICS_TOKEN = "let-me-count"
    extra = {"REMOTE_ADDR": "203.0.113.5", "HTTP_AUTHORIZATION": "Bearer let-me-count"}
    assert client.get("/metrics", **extra).status_code == 200


def test_no_token_in_the_settings_admits_no_token(client, settings):
    settings.METRICS_TOKEN = ""
    assert client.get("/metrics", REMOTE_ADDR="203.0.113.5", HTTP_AUTHORIZATION="Bearer ").status_code == 403
