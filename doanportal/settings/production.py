"""Production: refuses to start without its own database, broker and secret; HTTPS only."""

from urllib.parse import urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

from doanportal.embedded import broker_url
from doanportal.settings.base import *  # noqa: F403
from doanportal.settings.base import BASE_DIR, PROXY_COUNT, STORAGES, env


def required(name: str) -> str:
    """The variable's value; names the variable in both languages when it is missing or empty."""
    value = env.str(name, "")
    if not value:
        raise ImproperlyConfigured(
            f"Thiếu biến môi trường {name}: hãy đặt {name} rồi khởi động lại. "
            f"(Environment variable {name} is required in production.)"
        )
    return value


SECRET_KEY = required("SECRET_KEY")
DATABASE_URL = required("DATABASE_URL")
REDIS_URL = required("REDIS_URL")
# Without an address the portal answers to nobody but the machine itself.
SITE_URL = env.str("SITE_URL", "") or "https://localhost"
ALLOWED_HOSTS = [
    host.strip() for host in (env.str("ALLOWED_HOSTS", "") or urlsplit(SITE_URL).hostname or "").split(",")
]

DATABASES = {
    "default": dj_database_url.parse(DATABASE_URL, conn_max_age=60, conn_health_checks=True),
}
CELERY_BROKER_URL = broker_url(REDIS_URL)

STATIC_ROOT = env.path("STATIC_ROOT", BASE_DIR / "staticfiles")
STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = env.str("EMAIL_HOST", "localhost")
EMAIL_PORT = env.int("EMAIL_PORT", 587)
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.str("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", True)

SECURE_SSL_REDIRECT = True
# The probes inside the container network speak plain HTTP.
SECURE_REDIRECT_EXEMPT = [r"^suc-khoe/"]
if PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", 365 * 24 * 60 * 60)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
CSRF_TRUSTED_ORIGINS = [SITE_URL]
