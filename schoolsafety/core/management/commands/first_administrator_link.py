"""`manage.py first_administrator_link`: prints the one-time address that creates the first administrator."""

from django.conf import settings
from django.core.management.base import BaseCommand

from schoolsafety.core.first_run import setup_link


class Command(BaseCommand):
    help = "Prints the one-time link that creates the city bureau and its first administrator."

    def handle(self, *args, **options):
        link = setup_link()
        if link is None:
            self.stdout.write("There are people already; the link is closed.")
        else:
            self.stdout.write(f"First administrator: {settings.PUBLIC_URL}{link}")
