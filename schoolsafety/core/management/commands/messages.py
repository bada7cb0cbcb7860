"""`manage.py messages`: bring the translation catalogues up to date, check them, compile them."""

from django.core.management.base import BaseCommand, CommandError

from schoolsafety.core import catalogues


class Command(BaseCommand):
    """Without options: extract the messages of every area into locale/AREA/zh_Hans/LC_MESSAGES/django.po."""

    help = (
        "Updates the translation catalogues; --check names what is missing; --compile writes the .mo files."
    )
    requires_system_checks: list = []

    def add_arguments(self, parser):
        parser.add_argument("--area", action="append", help="only this area (may be repeated)")
        mode = parser.add_mutually_exclusive_group()
        mode.add_argument("--check", action="store_true", help="exit 1 and name every untranslated message")
        mode.add_argument("--compile", action="store_true", help="write the .mo files that are out of date")

    def handle(self, *, area, check, compile, **options):
        everything = catalogues.areas()
        names = [one.name for one in everything]
        if unknown := sorted(set(area or []) - set(names)):
            raise CommandError(f"There is no area {', '.join(unknown)}; the areas are {', '.join(names)}.")
        chosen = [one for one in everything if not area or one.name in area]
        if check:
            self.check_areas(chosen, everything)
        elif compile:
            self.compile_areas(chosen)
        else:
            self.update_areas(chosen)

    def update_areas(self, chosen):
        for one in chosen:
            total, untranslated = catalogues.update(one)
            catalogues.compile_area(one)
            self.stdout.write(f"{one.name}: {total} messages, {untranslated} not translated")

    def compile_areas(self, chosen):
        written = [one.name for one in chosen if catalogues.compile_area(one)]
        self.stdout.write(f"Compiled: {', '.join(written)}" if written else "All catalogues are compiled.")

    def check_areas(self, chosen, everything):
        found = [line for one in chosen for line in catalogues.problems(one)]
        found += catalogues.contradictions(everything)
        for line in found:
            self.stderr.write(line)
        if found:
            raise CommandError(
                f"{len(found)} faults in the catalogues; run manage.py messages and translate."
            )
        self.stdout.write("Every message is translated.")
