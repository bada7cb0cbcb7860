"""Patrols handed in per second on PostgreSQL against the same rows by bare SQL; a press against a page."""

import statistics
import time

from bench.child import figures_of

WALKS = 200
ROUNDS = 15
LEAST_RATIO = 0.1  # of the speed of bare SQL: the service also checks, counts, seals the event in its chain


def run(report):
    """Measure in a child, which hands in the walks of its own schools."""
    figures = figures_of("bench.patrols")
    report.add(
        "patrols", "handed in, against bare SQL", figures["service"], "a second", baseline=figures["sql"],
        is_less_better=False, note="lock, counts, the day's row, a sealed event",
    )  # fmt: skip
    report.add(
        "patrols", "bytes of a press, against the whole page", figures["press"], "bytes",
        baseline=figures["page"], note="htmx brings back one item; before compression",
    )  # fmt: skip
    report.add("patrols", "page of a walk", figures["page_ms"], "ms", note="median, with the test client")
    assert figures["service"] >= LEAST_RATIO * figures["sql"], "Handing in a patrol has become slow."


def main():
    """Fill, measure, print name=value; runs against DATABASE_URL."""
    import django  # noqa: PLC0415 -- the settings come with the environment

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 -- needs the app registry

    call_command("migrate", verbosity=0)
    walks = _walks()
    print(f"service={_handed_in(walks[:WALKS]):.2f}")
    print(f"sql={_written(walks[WALKS:]):.2f}")
    for name, value in _pages(walks[0].school, walks[0].officer).items():
        print(f"{name}={value:.2f}")


def _walks():
    """Two times WALKS walks of schools of their own, every item answered, the day planned as each morning."""
    from django.utils import timezone  # noqa: PLC0415 -- needs the app registry

    from inspections.models import PatrolDay  # noqa: PLC0415 -- needs the app registry
    from inspections.services import patrols  # noqa: PLC0415 -- needs the app registry
    from schoolsafety.core.models import ChainHead  # noqa: PLC0415 -- needs the app registry
    from schoolsafety.core.roles import Role  # noqa: PLC0415 -- needs the app registry
    from tests.factories import OrganisationFactory, UserFactory  # noqa: PLC0415 -- needs the app registry

    city, now, found = OrganisationFactory(city=True), timezone.now(), []
    for _index in range(2 * WALKS):
        school = OrganisationFactory(parent=city)
        officer = UserFactory(post=(school, Role.SAFETY_OFFICER))
        walk = patrols.start(school, actor=officer, now=now)
        walk.answers = {str(pk): "nb" for pk in walk.item_ids}
        walk.save(update_fields=["answers"])
        found.append(walk)
    PatrolDay.objects.bulk_create([PatrolDay(school=walk.school, day=walk.day) for walk in found])
    ChainHead.objects.bulk_create(
        [ChainHead(organisation=walk.school) for walk in found], ignore_conflicts=True
    )
    return found


def _handed_in(walks):
    """Walks a second through the service."""
    from django.utils import timezone  # noqa: PLC0415 -- needs the app registry

    from inspections.services import patrols  # noqa: PLC0415 -- needs the app registry

    began = time.perf_counter()
    for walk in walks:
        patrols.submit(walk, actor=walk.officer, now=timezone.now())
    return len(walks) / (time.perf_counter() - began)


def _written(walks):
    """Walks a second by bare SQL: the same three rows in one transaction each."""
    from django.contrib.contenttypes.models import ContentType  # noqa: PLC0415 -- needs the app registry
    from django.db import connection, transaction  # noqa: PLC0415 -- needs the app registry

    kind = ContentType.objects.get_for_model(walks[0]).pk
    began = time.perf_counter()
    for walk in walks:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT answers FROM inspections_patrol WHERE id = %s FOR UPDATE", [walk.pk])
            cursor.execute(
                "INSERT INTO inspections_patrolday (school_id, day, is_due, patrols, items, normal, problems,"
                " not_applicable, bulk, first_submitted_at) VALUES (%s, %s, true, 1, 36, 36, 0, 0, 36, now())"
                " ON CONFLICT (school_id, day) DO UPDATE SET patrols = inspections_patrolday.patrols + 1",
                [walk.school_id, walk.day],
            )
            cursor.execute(
                "UPDATE inspections_patrol SET status = 'submitted', submitted_at = now(), number = %s,"
                " normal_count = 36, bulk_count = 36 WHERE id = %s",
                [f"SQL-{walk.pk}", walk.pk],
            )
            cursor.execute(
                "INSERT INTO core_event (organisation_id, seq, at, verb, subject_type_id, subject_id,"
                " actor_id, payload, alg, prev, hash)"
                " VALUES (%s, 1, now(), 'inspections.submit_patrol', %s, %s, %s, '{}', 'sha256', %s, %s)",
                [walk.school_id, kind, walk.pk, walk.officer_id, "0" * 64, "0" * 64],
            )
    return len(walks) / (time.perf_counter() - began)


def _pages(school, officer):
    """Bytes of the walk's page and of one press on it; milliseconds of the page, median of ROUNDS."""
    from django.test import Client  # noqa: PLC0415 -- needs the app registry
    from django.utils import timezone  # noqa: PLC0415 -- needs the app registry

    from inspections.services import patrols  # noqa: PLC0415 -- needs the app registry

    walk = patrols.start(school, actor=officer, now=timezone.now())
    item = next(pk for pk in walk.item_ids if pk not in walk.photo_item_ids)
    client, address = Client(HTTP_HOST="127.0.0.1"), f"/patrol/{walk.pk}/"
    client.force_login(officer)
    page = client.get(address)
    press = client.post(address, {"answer": f"{item}:n"}, headers={"HX-Request": "true"})
    assert (page.status_code, press.status_code) == (200, 200)
    times = []
    for _round in range(ROUNDS):
        began = time.perf_counter()
        client.get(address)
        times.append((time.perf_counter() - began) * 1000)
    figures = {"page": len(page.content), "press": len(press.content)}
    return figures | {"page_ms": statistics.median(times)}


if __name__ == "__main__":
    main()
