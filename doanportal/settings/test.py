"""Tests: real PostgreSQL and Redis from the embedded pair, quick hashes, mail in memory, its own database."""

import os

import dj_database_url

from doanportal.embedded import broker_url, ensure_postgres, ensure_redis
from doanportal.settings.base import *  # noqa: F403
from doanportal.settings.base import CELERY_BROKER_TRANSPORT_OPTIONS, VAR_DIR, env

SECRET_KEY = "only-for-tests"  # noqa: S105
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "testserver"]

TEST_DATABASE = env.str("DOANPORTAL_TEST_DB", "test_doanportal")
DATABASES = {
    "default": dj_database_url.parse(ensure_postgres(VAR_DIR)) | {"TEST": {"NAME": TEST_DATABASE}},
}
REDIS_URL = ensure_redis(VAR_DIR)
CELERY_BROKER_URL = broker_url(REDIS_URL)
# Runs side by side share one broker: each has its own keys.
CELERY_BROKER_TRANSPORT_OPTIONS = CELERY_BROKER_TRANSPORT_OPTIONS | {
    "global_keyprefix": f"{TEST_DATABASE}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}:",
}

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
MEDIA_ROOT = VAR_DIR / "test-media" / f"{TEST_DATABASE}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
WHITENOISE_USE_FINDERS = True

ALLOW_DEMO_DATA = True
