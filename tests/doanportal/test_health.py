"""The probes: alive whenever the process answers, ready only with both services."""

import pytest
from django.db import OperationalError, connection


def test_alive_answers_without_touching_the_database(client):
    assert client.get("/suc-khoe/").json() == {"status": "ok"}


@pytest.mark.django_db
def test_ready_with_both_services_is_200(client):
    answer = client.get("/suc-khoe/san-sang/")

    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "database": "ok", "redis": "ok"}


@pytest.mark.django_db
def test_ready_without_redis_is_503_and_names_it(client, settings, tmp_path):
    settings.REDIS_URL = f"unix://{tmp_path}/nobody-listens.sock"
    answer = client.get("/suc-khoe/san-sang/")

    assert answer.status_code == 503
    assert answer.json() == {"status": "unavailable", "database": "ok", "redis": "unavailable"}


@pytest.mark.django_db
def test_ready_without_database_is_503_and_names_it(client):
    def refuse(execute, sql, params, many, context):
        raise OperationalError("the server closed the connection")

    with connection.execute_wrapper(refuse):
        answer = client.get("/suc-khoe/san-sang/")

    assert answer.status_code == 503
    assert answer.json() == {"status": "unavailable", "database": "unavailable", "redis": "ok"}


def test_health_answers_carry_the_security_headers(client):
    answer = client.get("/suc-khoe/")

    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
