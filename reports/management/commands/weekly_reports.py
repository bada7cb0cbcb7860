"""`manage.py weekly_reports`: draft the reports of a week now."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from reports import services
from reports.figures.period import parse_week
from schoolsafety.core.models import Organisation


class Command(BaseCommand):
    help = "Drafts the weekly reports of --week (2026-W47), for everyone or at and below --organisation CODE."

    def add_arguments(self, parser):
        parser.add_argument("--week", required=True, help="ISO week, e.g. 2026-W47")
        parser.add_argument("--organisation", help="code of a school or bureau; without it: everyone")

    def handle(self, *, week, organisation, **options):
        try:
            monday = parse_week(week)
            root = Organisation.objects.get(code=organisation) if organisation else None
            made = services.draft_week(monday, now=timezone.now(), root=root)
        except Organisation.DoesNotExist as error:
            raise CommandError(f"No organisation has the code {organisation}.") from error
        except ValueError as error:
            raise CommandError(f"{week}: {error}") from error
        self.stdout.write(f"{week}: {made['created']} drafted, {made['refreshed']} drawn again.")
