"""`manage.py fonts`: prepare the fonts that official papers are set in."""

from django.core.management.base import BaseCommand, CommandError

from schoolsafety.core.pdf.fonts import build_fonts


class Command(BaseCommand):
    """Writes settings.FONT_ROOT out of the fonts it finds; a second run changes nothing and is quick."""

    help = "Prepares the fonts of official papers: the office's own, free ones, or a substitute."
    requires_system_checks: list = []

    def handle(self, **options):
        status = build_fonts(say=self.stdout.write)
        if not status.served:
            raise CommandError("No Chinese font was found: install fonts-noto-cjk and fonts-lxgw-wenkai.")
        for style in status.missing_all():
            self.stderr.write(f"{style}: no font of its own; another style stands in.")
        for style, title in status.stand_ins().items():
            self.stderr.write(
                f"{style}: {title} stands in. Put a fitting font into SCHOOLSAFETY_FONT_DIR, or install "
                "fonts-noto-cjk, fonts-noto-cjk-extra and fonts-lxgw-wenkai, and run this again."
            )
