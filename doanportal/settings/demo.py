"""The demo on one machine: embedded PostgreSQL and Redis, mail to files, a clock that can be moved."""

import secrets

import dj_database_url

from doanportal.embedded import broker_url, ensure_postgres, private_file, redis_url
from doanportal.settings.base import *  # noqa: F403
from doanportal.settings.base import VAR_DIR, env

SECRET_KEY = private_file(VAR_DIR / "secret_key", make=lambda: secrets.token_urlsafe(64))
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", *env.list("ALLOWED_HOSTS", [])]

DATABASES = {"default": dj_database_url.parse(ensure_postgres(VAR_DIR))}
REDIS_URL = redis_url(VAR_DIR)
CELERY_BROKER_URL = broker_url(REDIS_URL)

# Static files come straight from static/ and the apps: a demo needs no collectstatic.
WHITENOISE_USE_FINDERS = True

EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = VAR_DIR / "mail"

PORTAL_CLOCK_FILE = VAR_DIR / "clock.json"

ALLOW_DEMO_DATA = True
