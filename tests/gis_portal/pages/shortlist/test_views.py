"""The comparison as it is served: complete without scripts, at an address that others can open."""

import re
from datetime import UTC
from urllib.parse import quote

import pytest

from registries.changes.edits import Edit
from registries.changes.models import ChangeSet
from tests.flows import world

THREE = "/shortlist/?lang=en&plots=east/П-1,east/П-2,east/П-4"


def text(client, path: str = THREE) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def rows(page: str) -> dict[str, bool]:
    """The label of each fact, and whether the plots are said to differ in it."""
    found = re.findall(r'<tr( class="differs")?>\s*<th scope="row">(.*?)</th>', page, re.S)
    return {re.sub(r"<span.*?</span>", "", label).strip(): bool(differs) for differs, label in found}


def columns(page: str) -> list[str]:
    return re.findall(r'<a class="code" href="[^"]*">([^<]+)</a>', page)


def test_each_plot_is_a_column_that_leads_to_its_page(client, corner):
    page = text(client)
    assert columns(page) == ["П-1", "П-2", "П-4"]
    assert 'href="/plots/%D0%9F-1/?zone=east&amp;lang=en"' in page


def test_what_differs_is_marked_and_what_does_not_is_not(client, corner):
    found = rows(text(client))
    assert found["Status"]
    assert not found["Area"]


def test_only_differences_can_be_shown_by_a_link(client, corner):
    page = text(client)
    short = re.search(r'href="(/shortlist/[^"]*only=differences[^"]*)"', page)
    assert short
    found = rows(text(client, short[1].replace("&amp;", "&")))
    assert found
    assert all(found.values())


def test_the_number_of_differences_is_told(client, corner):
    page = text(client)
    assert f'Only differences <span class="badge">{sum(rows(page).values())}</span>' in page


def test_of_one_offered_and_one_not_the_offer_differs(client, corner):
    found = rows(text(client, "/shortlist/?lang=en&plots=П-1,П-4"))
    assert found["Price"]


def test_what_the_first_plot_lacks_stands_where_the_others_have_it(client, corner):
    titles = re.findall(r'scope="rowgroup"[^>]*><span>([^<]+)', text(client, "/shortlist/?lang=en&plots=П-4,П-1"))
    assert titles[:3] == ["The plot", "Offer", "What may be built"]


def test_links_take_a_plot_out_and_put_it_elsewhere(client, corner):
    page = text(client)
    links = [link.replace("&amp;", "&") for link in re.findall(r'href="([^"]*)" data-(?:move|without)', page)]
    orders = {tuple(columns(text(client, link))) for link in links}
    assert orders == {
        *(("П-2", "П-1", "П-4"), ("П-1", "П-4", "П-2")),
        *(("П-2", "П-4"), ("П-1", "П-4"), ("П-1", "П-2")),
    }


def test_the_way_to_ask_names_all_plots(client, corner):
    found = re.search(r'href="(/enquiries/new/\?[^"]*)"', text(client))
    assert found
    assert found[1].count("plot=east%2F") == 3


def test_without_plots_the_page_says_how_to_choose_some(client, corner):
    page = text(client, "/shortlist/?lang=en")
    assert "No plots are chosen yet" in page
    assert '<input id="plots" name="plots"' in page


def test_what_cannot_be_shown_is_told_beside_the_rest(client, corner):
    page = text(client, "/shortlist/?lang=en&plots=П-1,П-77")
    assert "There is no plot П-77." in page
    assert columns(page) == ["П-1"]


def test_a_comparison_is_no_page_for_search_engines_and_the_empty_one_is(client, corner):
    assert 'name="robots" content="noindex"' in text(client)
    assert "noindex" not in text(client, "/shortlist/?lang=en")


def test_a_comparison_can_be_made_of_a_past_moment(client, corner, publish):
    (first,) = ChangeSet.objects.values_list("published_at", flat=True)
    publish([Edit.update("land.plot", world.plot_id(1), {"status": "occupied"})])
    assert 'data-status="occupied"' in text(client)
    at = first.astimezone(UTC).isoformat().replace("+00:00", "Z")
    page = text(client, f"{THREE}&at={at}")
    assert 'data-status="occupied"' not in page
    assert f"&amp;at={quote(at)}" in page


@pytest.mark.parametrize("number", [2, 5])
def test_more_plots_cost_a_known_number_of_queries_each(client, corner, django_assert_max_num_queries, number):
    path = "/shortlist/?plots=" + ",".join(f"П-{one}" for one in range(1, number + 1))
    client.get(path)
    with django_assert_max_num_queries(12 + 14 * number):
        client.get(path)
