"""`manage.py monthly_bulletin`: draft a bureau's bulletin of a month, and write its PDF if asked."""

from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from reports import services
from reports.figures.period import parse_month
from reports.services.preview import bulletin_pdf
from schoolsafety.core.models import Organisation


class Command(BaseCommand):
    help = "Drafts the bulletin of --month (2026-10) for --organisation CODE; --pdf FILE also writes its PDF."

    def add_arguments(self, parser):
        parser.add_argument("--month", required=True, help="e.g. 2026-10")
        parser.add_argument("--organisation", required=True, help="code of the bureau")
        parser.add_argument("--pdf", help="file to write: the issued paper, or the draft marked as such")

    def handle(self, *, month, organisation, pdf, **options):
        try:
            bureau = Organisation.objects.get(code=organisation)
            bulletin = services.draft(bureau, parse_month(month), now=timezone.now())
        except Organisation.DoesNotExist as error:
            raise CommandError(f"No organisation has the code {organisation}.") from error
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from error
        except ValueError as error:
            raise CommandError(f"{month}: {error}") from error
        self.stdout.write(f"{bulletin.title}: {bulletin.get_status_display()}")
        if pdf:
            content = bulletin_pdf(bulletin)
            Path(pdf).write_bytes(content)
            self.stdout.write(f"{pdf}: {len(content):,} bytes")
