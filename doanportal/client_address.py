"""Whom a request comes from, where proxies stand in front: the throttle counts by account and address."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The address our outermost of PROXY_COUNT proxies saw; without proxies, the peer's.

    Counted from the right: what stands further left in X-Forwarded-For is the client's own claim.
    """
    peer = request.META.get("REMOTE_ADDR", "")
    if not settings.PROXY_COUNT:
        return peer
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    claimed = hops[-settings.PROXY_COUNT] if len(hops) >= settings.PROXY_COUNT else ""
    return claimed if is_address(claimed) else peer


def is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
