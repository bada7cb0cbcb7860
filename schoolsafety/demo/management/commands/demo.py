"""`manage.py demo`: a deterministic city with invented names, in an empty database."""

import random
import time
from datetime import timedelta

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from schoolsafety.core import jobs
from schoolsafety.core.anchors import take_anchor
from schoolsafety.core.models import Job, Notification, Organisation
from schoolsafety.demo import city as cities
from schoolsafety.demo.album import Album
from schoolsafety.demo.history import History
from schoolsafety.demo.paperwork import Clerkship
from schoolsafety.demo.stories import Teller
from schoolsafety.demo.supervision.photos import vary_waiting


class Command(BaseCommand):
    """Writes organisations, people, and a history of `--days` days up to yesterday."""

    help = "Fills an empty database with a demo city; the same seed and day give the same city."

    def add_arguments(self, parser):
        parser.add_argument(
            "--schools", type=int, default=40, help="how many schools (1 to 2,600; default 40)"
        )
        parser.add_argument("--days", type=int, default=60, help="how many days of history (default 60)")
        parser.add_argument("--seed", type=int, default=1, help="another seed gives another city")

    def handle(self, *args, schools, days, seed, **options):
        if not 1 <= schools <= 2600 or not 1 <= days <= 400:
            raise CommandError("--schools is 1 to 2600, --days is 1 to 400.")
        if Organisation.objects.exists():
            raise CommandError("The database is not empty. The demo city needs one of its own.")
        began, rng = time.monotonic(), random.Random(seed)  # noqa: S311 -- a demo, not a secret
        today = timezone.localdate()
        city, districts, places = cities.build(schools, rng, today)
        self._say(f"{len(places)} schools in {len(districts)} districts")
        self._tell(city, districts, places, rng, today, days)
        self._settle(timezone.now())
        self._say(f"done in {time.monotonic() - began:.0f} s")

    def _tell(self, city, districts, places, rng, today, days):
        """Day by day: patrols and small hazards, the stories, the papers, the evening's anchor."""
        album = Album(rng)
        history = History(places, rng, album)
        teller = Teller(districts, places, rng, album, today, today - timedelta(days=days))
        clerkship = Clerkship(city, districts, places, rng, history.ledger)
        for number in range(days, 0, -1):
            day = today - timedelta(days=number)
            patrols = history.day(day)
            teller.day(day)
            clerkship.day(day, today)
            take_anchor(day, now=clerkship.at(day, 23, 55))
            if number % 10 == 0 or number == 1:
                self._say(f"{day}: {patrols} patrols; {number - 1} days to go")
        history.plan_today(today)
        vary_waiting()

    def _settle(self, now):
        """Run what the services left to the worker; only today's lines stay unread."""
        for pk in Job.objects.filter(state=Job.State.WAITING).values_list("pk", flat=True):
            jobs.run(pk, now=now)
        Notification.objects.filter(needs_action=False).update(read_at=now)

    def _say(self, text):
        self.stdout.write(f"  {text}")
        self.stdout.flush()
