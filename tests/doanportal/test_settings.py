"""Settings: production refuses to start half configured; the others stand on what the design fixed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as active

ROOT = Path(__file__).resolve().parent.parent.parent
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "doanportal.settings.production",
    "SECRET_KEY": "kA7" * 20 + "-unlike-any-real-one",
    "DATABASE_URL": "postgresql://doanportal:secret@db/doanportal",
    "REDIS_URL": "redis://redis:6379/0",
    "SITE_URL": "https://portal.example.vn",
    "ALLOWED_HOSTS": "portal.example.vn",
}


def run_manage(*arguments, environment):
    names = ("PATH", "HOME", "LANG")
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={name: os.environ[name] for name in names if name in os.environ} | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize("missing", ["SECRET_KEY", "DATABASE_URL", "REDIS_URL"])
def test_production_without_a_required_value_refuses_and_names_it(missing):
    environment = {name: value for name, value in PRODUCTION.items() if name != missing}
    done = run_manage("check", environment=environment)

    assert done.returncode != 0
    assert f"Thiếu biến môi trường {missing}" in done.stderr
    assert f"Environment variable {missing} is required" in done.stderr


def test_production_with_an_empty_value_refuses_too():
    done = run_manage("check", environment=PRODUCTION | {"SECRET_KEY": ""})

    assert "Thiếu biến môi trường SECRET_KEY" in done.stderr


def test_production_passes_the_deployment_check():
    done = run_manage("check", "--deploy", "--fail-level", "WARNING", environment=PRODUCTION)

    assert done.returncode == 0, done.stderr


def test_content_security_policy_allows_nothing_inline_or_foreign():
    sources = {
        source for values in active.CONTENT_SECURITY_POLICY["DIRECTIVES"].values() for source in values
    }

    assert sources == {"'self'", "'none'", "data:", "blob:"}


def test_real_sign_ins_hash_with_argon2_first():
    environment = PRODUCTION | {"PYTHONIOENCODING": "utf-8"}
    code = "from django.conf import settings; print(settings.PASSWORD_HASHERS[0])"
    done = run_manage("shell", "--no-imports", "-c", code, environment=environment)

    assert done.stdout.strip() == "django.contrib.auth.hashers.Argon2PasswordHasher"
