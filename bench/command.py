"""The district's day at 1,000 and at 100,000 hazards of 2,600 schools on PostgreSQL: median and queries."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench import lists
from tests.services import postgres

SMALL, LARGE = 1_000, 100_000
ROUNDS, SCHOOLS, DISTRICTS, OFFICE_SCHOOLS = 9, 2_600, 12, 20
WHO = ("city", "district", "office")
PAGE = "/command/"


def run(report):
    """Measure in a process of its own, on a private server: settings are read once per process."""
    with tempfile.TemporaryDirectory(prefix="ss-bench-") as folder:
        Path(folder).chmod(0o755)
        with postgres(Path(folder)) as address:
            environment = os.environ | {
                "DATABASE_URL": address,
                "SCHOOLSAFETY_VAR": folder,
                "DJANGO_SETTINGS_MODULE": "schoolsafety.settings.test",
            }
            done = subprocess.run(
                [sys.executable, "-m", "bench.command"],
                env=environment, check=True, stdout=subprocess.PIPE, text=True,
            )  # fmt: skip
    figures = dict(line.split("=") for line in done.stdout.split() if "=" in line)
    for who in WHO:
        small, large = float(figures[f"{who}_{SMALL}"]), float(figures[f"{who}_{LARGE}"])
        report.add(
            "command", f"day of a {who} at 100,000 hazards, against 1,000", large, "ms", baseline=small,
            note=f"{large / small:.2f} times as long; at most 3",
        )  # fmt: skip
        assert large / small <= 3, f"The day of a {who} slows down: {small} ms, {large} ms."
        few, many = figures[f"queries_{who}_{SMALL}"], figures[f"queries_{who}_{LARGE}"]
        assert few == many, f"The day of a {who} asks {few} queries, then {many}."


def main():
    """Fill, measure, print name=value; runs against DATABASE_URL."""
    import django  # noqa: PLC0415 -- the settings come with the environment

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 -- needs the app registry

    call_command("migrate", verbosity=0)
    people, schools = _city()
    done = 0
    for size in (SMALL, LARGE):
        lists._fill(schools, done, size)
        done = size
        for who, person in people.items():
            taken, queries = _measure(person)
            print(f"{who}_{size}={taken:.3f}")
            print(f"queries_{who}_{size}={queries}")


def _city():
    """A clerk of the city, of a district and of an office, and all schools in an order that mixes them."""
    from datetime import timedelta  # noqa: PLC0415 -- only this process uses it

    from django.utils.timezone import localdate  # noqa: PLC0415 -- needs the app registry

    from schoolsafety.core.models.organisation import Kind  # noqa: PLC0415 -- needs the app registry
    from schoolsafety.core.roles import Role  # noqa: PLC0415 -- needs the app registry
    from tests.factories import OrganisationFactory, TermFactory, UserFactory  # noqa: PLC0415 -- needs the app registry

    city, day = OrganisationFactory(city=True), localdate()
    TermFactory(organisation=city, starts_on=day - timedelta(days=150), ends_on=day + timedelta(days=30))
    districts = [OrganisationFactory(parent=city, bureau=True) for _index in range(DISTRICTS)]
    office = OrganisationFactory(parent=districts[0], kind=Kind.OFFICE)
    parents = [office] * OFFICE_SCHOOLS
    parents += [districts[index % DISTRICTS] for index in range(SCHOOLS - OFFICE_SCHOOLS)]
    schools = [OrganisationFactory(parent=parent) for parent in parents]
    people = {
        "city": UserFactory(post=(city, Role.CITY_STAFF)),
        "district": UserFactory(post=(districts[0], Role.DISTRICT_STAFF)),
        "office": UserFactory(post=(office, Role.DISTRICT_STAFF)),
    }
    return people, schools


def _measure(person):
    """(median of ROUNDS in milliseconds, queries) of one page."""
    from django.db import connection  # noqa: PLC0415 -- needs the app registry
    from django.test import Client  # noqa: PLC0415 -- needs the app registry
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415 -- needs the app registry

    client, times = Client(HTTP_HOST="127.0.0.1"), []
    client.force_login(person)
    client.get(PAGE)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(PAGE).status_code == 200
    queries = len(asked)  # counted now: the next request empties the log
    for _round in range(ROUNDS):
        began = time.perf_counter()
        client.get(PAGE)
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times), queries


if __name__ == "__main__":
    main()
