"""The description of production: no secret in it, nothing open that need not be, each part watched."""

import re

import pytest
import yaml

from tests.source import ROOT

COMPOSE = (ROOT / "docker-compose.yml").read_text()
SERVICES = yaml.safe_load(COMPOSE)["services"]
EXAMPLE = (ROOT / ".env.example").read_text()


def test_every_secret_must_come_from_the_environment_file():
    required = set(re.findall(r"\${(\w+):\?", COMPOSE))
    assert required == {"SECRET_KEY", "ALLOWED_HOSTS", "POSTGRES_PASSWORD", "REDIS_PASSWORD"}
    given = dict(re.findall(r"^(\w+)=(.*)$", EXAMPLE, re.M))
    assert {name: given.get(name) for name in required} == dict.fromkeys(required, "")


@pytest.mark.parametrize("name", sorted(set(SERVICES) - {"migrate"}))
def test_every_lasting_service_has_a_health_check(name):
    assert SERVICES[name]["healthcheck"]["test"]


def test_only_the_web_server_is_reached_from_outside_and_only_by_the_host_itself():
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert published == {"web": ["127.0.0.1:${PORT:-8000}:8000"]}


def test_there_is_one_beat_and_the_broker_forgets_nothing():
    assert "deploy" not in SERVICES["beat"]
    assert [name for name in SERVICES if "celery" in str(SERVICES[name].get("command"))] == ["worker", "beat"]
    assert "--appendonly yes" in SERVICES["redis-broker"]["command"]
    assert "noeviction" in SERVICES["redis-broker"]["command"]
    assert "allkeys-lru" in SERVICES["redis-cache"]["command"]


def test_the_locks_name_no_registry():
    for lock in ROOT.glob("requirements*.lock"):
        assert "://" not in lock.read_text()
        assert "--index" not in lock.read_text()
