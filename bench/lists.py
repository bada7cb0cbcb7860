"""The ledger at 1,000 and at 100,000 hazards on PostgreSQL: median of the page, and its number of queries."""

import statistics
import time

from bench.child import figures_of

SMALL, LARGE = 1_000, 100_000
QUERY_SIZES = (1, 3, 10_000)
ROUNDS = 15
SCHOOLS = 200


def run(report):
    """Measure in a child, which fills the ledger step by step."""
    figures = figures_of("bench.lists")
    for who in ("district", "school"):
        small, large = figures[f"{who}_{SMALL}"], figures[f"{who}_{LARGE}"]
        report.add(
            "ledger", f"page of a {who} at 100,000 hazards, against 1,000", large, "ms", baseline=small,
            note=f"{large / small:.2f} times as long; at most 3",
        )  # fmt: skip
        assert large / small <= 3, f"The ledger of a {who} slows down: {small} ms, {large} ms."
    counts = [int(figures[f"queries_{size}"]) for size in QUERY_SIZES]
    report.add(
        "ledger", "queries of the page at 10,000 hazards, against 1", counts[-1], "queries",
        baseline=counts[0],
    )  # fmt: skip
    assert len(set(counts)) == 1, f"The ledger asks more of a longer list: {counts}"


def main():
    """Fill, measure, print name=value; runs against DATABASE_URL."""
    import django  # noqa: PLC0415 -- the settings come with the environment

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 -- needs the app registry

    call_command("migrate", verbosity=0)
    people, schools = _city()
    done = 0
    for size in sorted({*QUERY_SIZES, SMALL, LARGE}):
        _fill(schools, done, size)
        done = size
        if size in QUERY_SIZES:
            print(f"queries_{size}={_queries(people['district'])}")
        if size in {SMALL, LARGE}:
            for who, person in people.items():
                print(f"{who}_{size}={_median(person):.3f}")


def _city():
    """Two people, and the schools of one district."""
    from schoolsafety.core.models.organisation import Kind  # noqa: PLC0415 -- needs the app registry
    from schoolsafety.core.roles import Role  # noqa: PLC0415 -- needs the app registry
    from tests.factories import OrganisationFactory, UserFactory  # noqa: PLC0415 -- needs the app registry

    city = OrganisationFactory(city=True)
    districts = [OrganisationFactory(parent=city, kind=Kind.DISTRICT_BUREAU) for _index in range(4)]
    schools = [OrganisationFactory(parent=districts[index % 4]) for index in range(SCHOOLS)]
    people = {
        "district": UserFactory(post=(districts[0], Role.DISTRICT_STAFF)),
        "school": UserFactory(post=(schools[0], Role.SAFETY_OFFICER)),
    }
    return people, schools


def _fill(schools, have, size):
    """Bring the table to `size` rows: nine in ten closed, the rest open; then let the planner know."""
    from datetime import timedelta  # noqa: PLC0415 -- only this process uses it

    from django.db import connection  # noqa: PLC0415 -- needs the app registry
    from django.utils import timezone  # noqa: PLC0415 -- needs the app registry

    from hazards.models import Category, Hazard  # noqa: PLC0415 -- needs the app registry

    category, now = Category.objects.get(code="XF"), timezone.now()
    rows = []
    for index in range(have, size):
        at = now - timedelta(minutes=index)
        closed = {"status": "closed", "closure": "rectified", "closed_at": at, "closed_on": at.date()}
        state = closed if index % 10 else {"status": "rectifying", "due_on": at.date()}
        rows.append(
            Hazard(
                number=f"B-{index:07d}", school=schools[index % len(schools)], title=f"通道堆物 {index}",
                place="一层", category=category, source="patrol", grade="general", found_at=at,
                found_on=at.date(), reported_at=at, **state,
            )
        )  # fmt: skip
    Hazard.objects.bulk_create(rows, batch_size=2000)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _client(person):
    from django.test import Client  # noqa: PLC0415 -- needs the app registry

    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(person)
    client.get("/h/")
    return client


def _median(person):
    """Milliseconds of one page, the median of ROUNDS."""
    client, times = _client(person), []
    for _round in range(ROUNDS):
        began = time.perf_counter()
        answer = client.get("/h/")
        times.append((time.perf_counter() - began) * 1000)
        assert answer.status_code == 200
    return statistics.median(times)


def _queries(person):
    from django.db import connection  # noqa: PLC0415 -- needs the app registry
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415 -- needs the app registry

    client = _client(person)
    with CaptureQueriesContext(connection) as asked:
        client.get("/h/")
    return len(asked)


if __name__ == "__main__":
    main()
