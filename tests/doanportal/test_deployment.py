"""docker-compose.yml and Dockerfile name only what exists and give the portal what production asks for."""

import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml

from tests.doanportal.test_settings import run_manage

ROOT = Path(__file__).resolve().parent.parent.parent
COMPOSE_TEXT = (ROOT / "docker-compose.yml").read_text()
COMPOSE = yaml.safe_load(COMPOSE_TEXT)
DOCKERFILE = (ROOT / "Dockerfile").read_text()
PORTAL_SERVICES = {name: service for name, service in COMPOSE["services"].items() if service.get("build")}
VARIABLE = re.compile(r"\$\{([A-Z_]+)(?::[-?][^}]*)?\}")


def example_values():
    lines = (ROOT / "deploy" / "env.example").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def filled(text):
    """The text as compose would hand it over, with made-up values where the operator has to give one."""
    made_up = {"SITE_HOST": "portal.example.vn", "SECRET_KEY": "kA7" * 20 + "-unlike-any"}
    return VARIABLE.sub(lambda match: example_values()[match[1]] or made_up.get(match[1], "given"), text)


def portal_commands():
    commands = {name: service["command"] for name, service in PORTAL_SERVICES.items() if "command" in service}
    return commands | {"web": yaml.safe_load(DOCKERFILE.rsplit("CMD ", 1)[1])}


def test_compose_has_the_six_parts_of_the_portal():
    assert {"db", "redis", "web", "worker", "beat", "proxy"} <= set(COMPOSE["services"])


def test_compose_asks_for_nothing_that_the_example_does_not_explain():
    assert set(VARIABLE.findall(COMPOSE_TEXT)) == set(example_values())


def test_compose_mounts_only_files_that_exist():
    mounts = [mount for service in COMPOSE["services"].values() for mount in service.get("volumes", [])]
    named = set(COMPOSE["volumes"])
    for mount in mounts:
        source = mount.split(":")[0]
        assert source in named or (ROOT / source).is_file(), mount


def test_compose_redis_never_evicts():
    assert COMPOSE["services"]["redis"]["command"][-2:] == ["--maxmemory-policy", "noeviction"]


@pytest.mark.parametrize("name", sorted(PORTAL_SERVICES))
def test_compose_service_has_an_environment_that_production_accepts(name):
    values = {key: filled(value) for key, value in PORTAL_SERVICES[name]["environment"].items()}
    settings = {"DJANGO_SETTINGS_MODULE": "doanportal.settings.production"}
    done = run_manage("check", "--deploy", "--fail-level", "WARNING", environment=values | settings)

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", sorted(portal_commands()))
def test_compose_command_exists_and_runs(name):
    program, *arguments = portal_commands()[name]
    path = Path(sys.executable).parent / program
    assert path.exists()
    if program == "python":
        assert (ROOT / arguments[0]).is_file()
        arguments = arguments[:2]
    asked = subprocess.run(
        [path, *arguments, "--help"], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert asked.returncode == 0, asked.stderr


def test_compose_probe_is_a_module_of_the_portal():
    assert COMPOSE["services"]["web"]["healthcheck"]["test"][:3] == ["CMD", "python", "-m"]
    assert find_spec(COMPOSE["services"]["web"]["healthcheck"]["test"][3])


def test_dockerfile_copies_only_what_exists():
    for source, _ in re.findall(r"^COPY (\S+) (\S+)$", DOCKERFILE, re.MULTILINE):
        assert (ROOT / source).exists(), source


def test_static_files_are_collected_and_hashed_with_production_settings(tmp_path):
    """What the Dockerfile's build step does: fails when a page or sheet names a file that is not there."""
    build_values = dict(
        pair.split("=", 1)
        for pair in re.search(r"^RUN (SECRET_KEY=.*?) python manage", DOCKERFILE, re.S | re.M)[1].split()
        if "=" in pair
    )
    environment = {
        "DJANGO_SETTINGS_MODULE": "doanportal.settings.production",
        "STATIC_ROOT": str(tmp_path),
        **build_values,
    }
    done = run_manage("collectstatic", "--noinput", environment=environment)

    assert done.returncode == 0, done.stderr
    assert (tmp_path / "staticfiles.json").exists()


@pytest.mark.skipif(not shutil.which("docker-compose"), reason="no compose on this machine")
def test_compose_itself_accepts_the_file(tmp_path):
    values = tmp_path / "env"
    values.write_text("".join(f"{name}={value or 'given'}\n" for name, value in example_values().items()))
    command = [
        "docker-compose",
        "--env-file",
        str(values),
        "--file",
        "docker-compose.yml",
        "config",
        "--quiet",
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
