"""The address the throttle counts by cannot be chosen by the client."""

import pytest
from axes.helpers import get_client_ip_address

PEER = "172.18.0.5"
CLIENT = "203.0.113.9"


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, None, PEER),
        (0, CLIENT, PEER),
        (1, CLIENT, CLIENT),
        (1, f"6.6.6.6, {CLIENT}", CLIENT),
        (2, f"6.6.6.6, {CLIENT}, 10.0.0.1", CLIENT),
        (1, None, PEER),
        (2, CLIENT, PEER),
        (1, "<script>", PEER),
        (1, "2001:db8::7", "2001:db8::7"),
    ],
)
def test_throttle_counts_by_the_address_our_proxies_saw(rf, settings, proxies, forwarded, expected):
    settings.PROXY_COUNT = proxies
    headers = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}

    assert get_client_ip_address(rf.get("/", REMOTE_ADDR=PEER, **headers)) == expected
