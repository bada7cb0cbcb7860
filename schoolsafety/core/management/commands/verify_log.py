"""`manage.py verify_log`: 0 sound, 2 broken, 3 an anchor is missing."""

import json
import sys

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from schoolsafety.core.models import Organisation
from schoolsafety.core.verification import BROKEN, NO_ANCHOR, SOUND, verify


class Command(BaseCommand):
    help = "Checks hash chains, words and anchors. Exit code: 0 sound, 2 broken, 3 anchor missing."

    def add_arguments(self, parser):
        parser.add_argument("--organisation", metavar="CODE", help="only this organisation's chain")
        parser.add_argument("--json", action="store_true", help="print the report as JSON")

    def handle(self, *args, **options):
        place = None
        if options["organisation"]:
            place = Organisation.objects.filter(code=options["organisation"]).first()
            if place is None:
                raise CommandError(f"There is no organisation with the code {options['organisation']}.")
        report = verify(place, now=timezone.now())
        if options["json"]:
            self.stdout.write(json.dumps(report.as_dict(), ensure_ascii=False, indent=2))
        else:
            self.stdout.write(f"{report.chains} chains, {report.events} events, {report.anchors} anchors")
            for finding in report.findings:
                self.stdout.write(f"BROKEN {finding.organisation} {finding.seq}: {finding.what}")
            if report.late:
                self.stdout.write(f"{report.late} events older than two days are under no anchor")
            self.stdout.write({SOUND: "sound", BROKEN: "BROKEN", NO_ANCHOR: "anchor missing"}[report.code])
        sys.exit(report.code)
