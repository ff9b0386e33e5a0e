"""Health for operators and container probes: alive (process answers), ready (database and broker too)."""

import logging

import redis
from django.conf import settings
from django.db import Error, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

logger = logging.getLogger(__name__)


@require_safe
@never_cache
def alive(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """200 when both services answer, 503 otherwise; the body names the one that does not, never why."""
    services = {"database": database_answers(), "redis": redis_answers()}
    healthy = all(services.values())
    body = {"status": "ok" if healthy else "unavailable"}
    body |= {name: "ok" if answers else "unavailable" for name, answers in services.items()}
    return JsonResponse(body, status=200 if healthy else 503)


def database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error as error:
        logger.error("Cơ sở dữ liệu không trả lời: %s", error)
        return False
    return True


def redis_answers() -> bool:
    client = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2)
    try:
        client.ping()
    except redis.RedisError as error:
        logger.error("Redis không trả lời: %s", error)
        return False
    finally:
        client.close()
    return True
