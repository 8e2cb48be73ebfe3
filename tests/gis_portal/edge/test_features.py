import pytest


@pytest.mark.parametrize("path", ["/", "/plots/", "/nowhere"])
def test_pages_may_ask_where_a_visitor_is_and_for_nothing_else(client, db, path):
    policy = client.get(path)["Permissions-Policy"]
    assert "geolocation=(self)" in policy
    assert "camera=()" in policy
    assert "microphone=()" in policy
