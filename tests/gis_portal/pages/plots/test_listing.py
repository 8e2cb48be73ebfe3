"""The list of plots with its filters: a plain form that tells every count and keeps what was typed when it is wrong."""

import re
from html import unescape

import pytest

from registries.core import codes
from tests.flows import world


@pytest.fixture(autouse=True)
def market(corner) -> None:
    codes.load()


def page(client, query: str = "", status: int = 200) -> str:
    answer = client.get(f"/plots/?lang=en{'&' if query else ''}{query}")
    assert answer.status_code == status
    return unescape(answer.content.decode())


def plots(text: str) -> list[str]:
    return re.findall(r">(П-\d)</a></h3>", text)


def choice(text: str, name: str, value: str) -> str:
    """The label of one checkbox, tags and all."""
    return re.search(rf'<label[^>]*><input type="\w+" name="{name}" value="{value}".*?</label>', text, re.DOTALL)[0]


def test_a_filter_leaves_what_matches(client):
    assert sorted(plots(page(client, "status=available"))) == ["П-1", "П-4"]


def test_a_choice_tells_how_many_plots_it_would_leave(client):
    assert '<span class="badge">2</span>' in choice(page(client), "status", "available")
    assert '<span class="badge">1</span>' in choice(page(client, "right=sale"), "status", "available")


def test_an_impossible_choice_is_disabled_but_can_be_read(client):
    label = choice(page(client, "right=sale"), "status", "occupied")
    assert " disabled>" in label
    assert "occupied" in label


def test_what_is_chosen_can_always_be_taken_back(client):
    assert " checked>" in choice(page(client, "right=sale&status=occupied"), "status", "occupied")


def test_distances_count_all_that_is_nearer(client):
    text = page(client)
    assert '<option value="0" disabled>at the border (0)</option>' in text
    assert '<option value="25">within 25 m (3)</option>' in text
    assert '<option value="50">within 50 m (6)</option>' in text


def test_each_filter_that_is_set_can_be_removed_by_a_link(client):
    text = page(client, "status=available&status=reserved&area_max=2&area_unit=ha")
    chips = dict(re.findall(r'<a class="chip chosen" href="\?([^"]*)"><span>([^<]*)</span>', text))
    assert chips == {
        "status=reserved&area_max=2&area_unit=ha&lang=en": "available",
        "status=available&area_max=2&area_unit=ha&lang=en": "reserved",
        "status=available&status=reserved&area_unit=ha&lang=en": "up to 2 ha",
    }


def test_what_nothing_matches_proposes_the_nearest_with_its_number(client):
    text = page(client, "status=available&water=5")
    assert "No plot matches all of this" in text
    [(query, words)] = re.findall(r'<a class="button" href="\?([^"]*water=25[^"]*)">([^<]*)<', text)
    assert words.strip() == "Water supply within 25 m"
    assert plots(page(client, query.removesuffix("&lang=en"))) == ["П-1"]


@pytest.mark.parametrize(
    ("query", "field", "kept"),
    [
        ("area_min=big", "area_min", "big"),
        ("area_min=9&area_max=5", "area_max", "5"),
        ("density_min=101", "density_min", "101"),
        ("price_m2_max=-4", "price_m2_max", "-4"),
        ("q=" + "x" * 10_000, "q", "x" * 200),
    ],
    ids=["words", "upside-down", "too-much", "negative", "10-kB"],
)
def test_what_is_wrong_is_told_at_its_field_with_what_was_typed(client, query, field, kept):
    text = page(client, f"{query}&status=available", status=400)
    assert re.search(
        rf'<input id="f-{field}"[^>]* value="{kept}"[^>]* aria-invalid="true" aria-describedby="e-{field}">', text
    )
    assert re.search(rf'<p class="error" id="e-{field}">[^<]+</p>', text)
    assert " checked>" in choice(text, "status", "available")


@pytest.mark.parametrize(
    "query",
    ["status=sold", "use=castle", "zone=nowhere", "sort=colour", "bounds=1,2", "q=a%00b", "area_unit=acre", "water=x",
     "q=a&q=b", "area_min=1&area_min=2", "status=%00", "price_period=x", "rail=9", "q=%ED%A0%80%00"],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/plots/", "/plots.csv"])
def test_what_cannot_be_meant_is_bad_input(client, path, query):
    assert client.get(f"{path}?{query}").status_code == 400


def test_parameters_of_other_names_are_nobodys_business(client):
    assert len(plots(page(client, "utm_source=x&colour=red&map=16/43/26"))) == 6


def test_the_table_is_of_what_matches(client):
    lines = client.get("/plots.csv?status=available").getvalue().decode().splitlines()
    assert len(lines) == 1 + 2


def test_map_and_table_keep_the_search(client):
    text = page(client, "status=available&water=100&page=1")
    assert '<a class="button plain" data-map-link href="/?status=available&water=100&lang=en">' in text
    assert 'href="/plots.csv?status=available&water=100&lang=en" download' in text


def test_another_day_keeps_the_search(client, settings):
    settings.PUBLIC_HISTORY = True
    text = page(client, "status=available&area_min=5")
    form = re.search(r"<form class=\"at\".*?</form>", text, re.DOTALL)[0]
    assert '<input type="hidden" name="status" value="available">' in form
    assert '<input type="hidden" name="area_min" value="5">' in form


def test_what_lies_near_cannot_be_asked_of_a_past_day(client, settings):
    settings.PUBLIC_HISTORY = True
    text = page(client, "at=2020-01-01&water=0", status=400)
    assert "cannot be read" in text


def test_a_row_tells_price_and_period_and_what_lies_at_the_border(client):
    text = page(client, "right=sale")
    assert "38.50\xa0€ per m²" in text
    assert "open until" in text


def test_filtered_pages_are_not_for_search_engines(client):
    assert '<meta name="robots" content="noindex, follow">' in page(client, "status=available")
    assert "noindex" not in page(client)


def test_pages_of_results_follow_each_other(client, publish):
    publish(
        [
            edit
            for number in range(10, 45)
            for edit in world.plot(number, "planned", world.rectangle(0, 400 + 12 * number, 10, 10))
        ]
    )
    first = page(client, "status=planned")
    [following] = re.findall(r'<a rel="next" href="\?([^"]*)"', first)
    second = page(client, following.removesuffix("&lang=en"))
    assert len(re.findall(r"data-plot=", first)) == 20
    assert len(re.findall(r"data-plot=", second)) == 16


def test_a_search_asks_the_database_no_more_for_more_filters(client, django_assert_max_num_queries):
    client.get("/plots/")
    with django_assert_max_num_queries(14):
        client.get("/plots/?status=available&area_min=5&water=100&right=sale&use=production&road=mainStreet&sort=area")
