import pytest
from django.test import RequestFactory

from gis_portal.people.address import client_address


def seen(settings, proxies, remote, forwarded=None):
    settings.TRUSTED_PROXIES = proxies
    headers = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded is not None else {}
    return client_address(RequestFactory().get("/", REMOTE_ADDR=remote, **headers))


@pytest.mark.parametrize(
    ("proxies", "remote", "forwarded", "expected"),
    [
        (0, "192.0.2.1", None, "192.0.2.1"),
        (0, "192.0.2.1", "203.0.113.5", "192.0.2.1"),
        (1, "127.0.0.1", "203.0.113.5", "203.0.113.5"),
        (1, "127.0.0.1", "8.8.8.8, 203.0.113.5", "203.0.113.5"),
        (2, "127.0.0.1", "8.8.8.8, 203.0.113.5, 10.0.0.1", "203.0.113.5"),
        (2, "127.0.0.1", "203.0.113.5", "127.0.0.1"),
        (1, "127.0.0.1", "", "127.0.0.1"),
        (1, "", None, None),
        (1, "127.0.0.1", "unknown", None),
        (0, "::ffff:192.0.2.1", None, "192.0.2.1"),
    ],
)
def test_the_address_is_the_one_that_nobody_can_choose(settings, proxies, remote, forwarded, expected):
    assert seen(settings, proxies, remote, forwarded) == expected


def test_all_addresses_of_one_ipv6_line_are_one(settings):
    assert seen(settings, 0, "2001:db8:1:2::1") == seen(settings, 0, "2001:db8:1:2:ffff::9")
    assert seen(settings, 0, "2001:db8:1:2::1") != seen(settings, 0, "2001:db8:1:3::1")
