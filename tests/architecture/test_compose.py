"""compose.yaml: every service healthy before the next, nothing secret inside."""

import re
from typing import Any

import pytest
import yaml

from tests.architecture.tree import ROOT

TEXT = (ROOT / "compose.yaml").read_text("utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
SECRETS = ("POSTGRES_PASSWORD", "REDIS_PASSWORD", "CONCORD_SECRET_KEY")


def test_services_are_those_that_concord_needs() -> None:
    assert set(SERVICES) == {"postgres", "redis", "mail", "migrate", "web", "worker"}
    assert SERVICES["postgres"]["image"].startswith("pgvector/pgvector:")
    assert "--appendonly yes" in SERVICES["redis"]["command"][-1]
    assert [SERVICES[name]["deploy"]["replicas"] for name in ("web", "worker")] == [2, 2]


def test_every_lasting_service_has_a_health_check_and_restarts() -> None:
    lasting = {name: service for name, service in SERVICES.items() if name != "migrate"}

    assert [name for name, service in lasting.items() if not service["healthcheck"]["test"]] == []
    assert {service["restart"] for service in lasting.values()} == {"unless-stopped"}
    assert SERVICES["migrate"]["restart"] == "no"


@pytest.mark.parametrize("name", ["web", "worker"])
def test_application_waits_for_the_migration(name: str) -> None:
    assert SERVICES[name]["depends_on"] == {
        "migrate": {"condition": "service_completed_successfully"},
        "redis": {"condition": "service_healthy"},
    }
    assert SERVICES["migrate"]["depends_on"] == {"postgres": {"condition": "service_healthy"}}


@pytest.mark.parametrize("name", ["web", "worker", "postgres", "redis"])
def test_service_has_time_to_stop(name: str) -> None:
    assert re.fullmatch(r"\d+[sm]", SERVICES[name]["stop_grace_period"])


@pytest.mark.parametrize("secret", SECRETS)
def test_secret_comes_from_outside_and_has_no_default(secret: str) -> None:
    uses = re.findall(rf"\$\{{{secret}([^}}]*)\}}", TEXT)

    assert uses
    assert set(uses) == {":?"}


def test_no_password_stands_in_the_file() -> None:
    values = re.findall(r"^ *\w*(?:PASSWORD|KEY|AUTH): (.+)$", TEXT, re.MULTILINE)
    in_addresses = re.findall(r"://\w*:(.+?)@", TEXT)

    assert len(values) == 3
    assert len(in_addresses) == 2
    assert [v for v in values + in_addresses if not re.fullmatch(r"\$\{\w+:\?\}", v)] == []


def test_ports_open_on_this_machine_alone() -> None:
    ports = [port for service in SERVICES.values() for port in service.get("ports", [])]

    assert ports == ["127.0.0.1:8025:8025", "127.0.0.1:8000-8001:8000"]


def test_application_runs_without_privileges() -> None:
    for name in ("migrate", "web", "worker"):
        assert SERVICES[name]["read_only"] is True
        assert SERVICES[name]["cap_drop"] == ["ALL"]
    assert "\nUSER concord\n" in SERVICES["migrate"]["build"]["dockerfile_inline"]


def test_image_copies_what_the_wheel_is_built_from() -> None:
    dockerfile = SERVICES["migrate"]["build"]["dockerfile_inline"]
    copied = set(re.findall(r"^COPY (.+) \S+$", dockerfile, re.MULTILINE))

    assert {name for line in copied for name in line.split()} == {
        "requirements.lock",
        "pyproject.toml",
        "README.md",
        "LICENSE",
        ".ci/vendor_htmx.py",
        "platform",
        "matching",
        "workers",
        "notifications",
        "templates",
    }
