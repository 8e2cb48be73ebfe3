import pytest

FEEDS = ("/offers.atom", "/offers.json")


@pytest.mark.parametrize("path", FEEDS)
def test_a_registry_without_offers_has_a_feed_that_stays_the_same(client, db, path):
    first = client.get(f"{path}?lang=en")
    assert client.get(f"{path}?lang=en", headers={"If-None-Match": first["ETag"]}).status_code == 304
