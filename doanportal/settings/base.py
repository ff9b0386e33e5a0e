"""What demo, test and production share. Values that differ by place come from the environment."""

from datetime import timedelta
from pathlib import Path

from celery.schedules import crontab
from csp.constants import NONE, SELF
from environs import Env

BASE_DIR = Path(__file__).resolve().parent.parent.parent
env = Env()
VAR_DIR = Path(env.str("DOANPORTAL_VAR", str(BASE_DIR / "var")))

DEBUG = False
SITE_URL = env.str("SITE_URL", "http://127.0.0.1:8000")
ROOT_URLCONF = "doanportal.urls"
WSGI_APPLICATION = "doanportal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "doanportal.adminconfig.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "crispy_forms",
    "crispy_bootstrap5",
    "axes",
    "csp",
    "doanportal",
    "units",
    "plans",
    "volunteers",
    "reports",
    "awards",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "units.middleware.HeldTextMiddleware",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "units.context.portal",
            ],
        },
    },
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# Sign-in
AUTH_USER_MODEL = "units.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "units.accounts.EmailOrPhoneBackend",
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "login"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "units.passwords.UnlikeTheAccount",
        "OPTIONS": {"user_attributes": ["email", "full_name", "phone"]},
    },
    {"NAME": "units.passwords.LongEnough", "OPTIONS": {"min_length": 10}},
    {"NAME": "units.passwords.NotCommon"},
    {"NAME": "units.passwords.NotOnlyDigits"},
]
PASSWORD_RESET_TIMEOUT = 24 * 60 * 60
INVITATION_TIMEOUT = 7 * 24 * 60 * 60
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
# Scripts read the token from the form of the page, never from the cookie.
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "units.views_held.csrf_failed"

# Throttling by the pair: a stranger who guesses from elsewhere cannot lock the secretary out.
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
# The account, however its name was typed; neither table nor log holds an e-mail address or phone number.
AXES_USERNAME_FORM_FIELD = "username"
AXES_USERNAME_CALLABLE = "units.accounts.throttle_key"
AXES_LOCKOUT_CALLABLE = "units.views.locked_out"
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_HTTP_RESPONSE_CODE = 429
# ipware finds no address at all where the header holds the client's alone, as behind our one proxy.
AXES_CLIENT_IP_CALLABLE = "doanportal.client_address.client_address"
PROXY_COUNT = env.int("PROXY_COUNT", 0)

# Headers
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}

# Language, dates and numbers
LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
# Django's own "vi" reads 05/03/2026 as 3 May and refuses 1.234,5.
FORMAT_MODULE_PATH = "doanportal.locale_formats"
USE_THOUSAND_SEPARATOR = True
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True

# Static files and uploads. Uploads have no address of their own: views serve them after asking the policy.
STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", str(VAR_DIR / "media")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
PORTAL_UPLOAD_MAX_BYTES = 25 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024  # form fields; file content is not counted
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
DATA_UPLOAD_MAX_NUMBER_FILES = 30
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o640
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o750

# Mail
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "Đoàn 18 chỉ tiêu <no-reply@doanportal.invalid>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
EMAIL_SUBJECT_PREFIX = ""
EMAIL_TIMEOUT = 20

# Rules of the work
DUE_CLOSING_TIME = env.str("DUE_CLOSING_TIME", "23:59:59")
QUIET_HOURS = (21, 7)  # local hours between which nobody is written to
# What the frame of every page shows from the apps above units: functions by name.
PORTAL_PLAN_LABEL = "plans.current.plan_label"
# Address name of a menu line: function of the user that counts what waits there.
PORTAL_BADGES = {
    "inbox": "plans.inbox.unread_count",
    "review_queue": "reports.queries_review.waiting_count",
}
# Loaded with the plan: the kinds of teams and activities, the texts of consent.
PORTAL_LOADERS = ["volunteers.loading.load_kinds", "awards.loading.load_award_forms"]
# Obligations without a report: form code and the address name of the page where it is done.
PORTAL_OBLIGATION_PAGES = {
    "activity_plan": "activity_of_obligation",
    "team_decision": "team_of_obligation",
    "award_dossier": "dossier_of_obligation",
}
# Apps above volunteers that keep people too: functions that find, erase, and blank what is too old.
PORTAL_PERSON_FINDERS = [
    "reports.erasing.find_person_in_reports",
    "awards.erasing.find_person_in_nominations",
]
PORTAL_PERSON_ERASERS = [
    "reports.erasing.erase_person_from_reports",
    "awards.erasing.erase_person_from_nominations",
]
PORTAL_RETENTION = ["reports.erasing.blank_lists_before", "awards.erasing.erase_nominations_before"]
PERSONAL_RETENTION_MONTHS = 24  # after the end of the plan year; then only counts are kept
PORTAL_CLOCK_FILE = None  # only the demo's clock may be shifted

# Background work: every task may run twice, late, or at once on ten workers.
CELERY_TIMEZONE = TIME_ZONE
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 15 * 60
CELERY_TASK_SOFT_TIME_LIMIT = 14 * 60
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A page must not hang when the broker is gone: the sweeper finds the work in PostgreSQL.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    "visibility_timeout": 60 * 60,
}
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_step": 0.2}
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "celerybeat-schedule")
CELERY_BEAT_SCHEDULE = {
    "plan-notices": {
        "task": "plans.tasks.plan_notices",
        "schedule": crontab(),
        "options": {"expires": 55},
    },
    "deliver-notices": {
        "task": "plans.tasks.deliver_notices",
        "schedule": crontab(),
        "options": {"expires": 55},
    },
    "sweep-workbooks": {
        "task": "volunteers.tasks.sweep_workbooks",
        "schedule": crontab(),
        "options": {"expires": 55},
    },
    "sweep-certificates": {
        "task": "awards.tasks.sweep_batches",
        "schedule": crontab(),
        "options": {"expires": 55},
    },
    "refresh-unit-names": {
        "task": "units.tasks.refresh_unit_names",
        "schedule": crontab(minute=5),
        "options": {"expires": 3000},
    },
    "tidy-sessions": {
        "task": "units.tasks.tidy_sessions",
        "schedule": crontab(minute="*/10"),
        "options": {"expires": 590},
    },
    "remind-data-requests": {
        "task": "volunteers.tasks_personal.remind_data_requests",
        "schedule": crontab(minute=20),
        "options": {"expires": 3000},
    },
    "personal-retention": {
        "task": "volunteers.tasks_personal.personal_retention",
        "schedule": crontab(day_of_month=2, hour=2, minute=40),
        "options": {"expires": 20 * 60 * 60},
    },
    "render-due-rollups": {
        "task": "reports.tasks.render_due_rollups",
        "schedule": crontab(minute="*/5"),
        "options": {"expires": 290},
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "doanportal.logs.PlainFormatter",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", "INFO")},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        "axes": {"level": "WARNING"},
        # WeasyPrint and fontTools narrate every glyph they subset.
        "fontTools": {"level": "WARNING"},
        "weasyprint": {"level": "ERROR"},
    },
}

# Illustrative accounts with a known password exist only where this is on: demo and tests.
ALLOW_DEMO_DATA = False
