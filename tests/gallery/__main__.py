"""`python -m tests.gallery FOLDER [PAGE ...]`: pictures of the gallery, narrow, wide, light, dark, large."""

import os
import sys
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "schoolsafety.settings.test")
django.setup()

from tests.gallery.serving import PAGES, SITE, chromium, visit  # noqa: E402 -- Django must be set up first

LOOKS = {
    "320": {"width": 320}, "390": {"width": 390}, "390-dark": {"width": 390, "theme": "dark"},
    "360-large": {"width": 360, "size": "large"}, "1280": {"width": 1280},
    "1280-dark": {"width": 1280, "theme": "dark"},
}  # fmt: skip


def main(folder: str, *pages: str) -> None:
    """Draw every page in every look into `folder`."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    with chromium() as browser:
        for name, look in LOOKS.items():
            context = visit(browser, **look)
            page = context.new_page()
            for each in pages or PAGES:
                page.goto(f"{SITE}/gallery/{each}/")
                page.screenshot(path=Path(folder) / f"{each}-{name}.png", full_page=True)
            context.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
