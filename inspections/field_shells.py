"""Builds what the field client is opened with: shells, worker and manifest, the same bytes for everybody."""

import gzip
import hashlib
import json
import re
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from .field_words import words_of

SCREENS = ("today", "walk", "snap", "mine", "queue", "help", "out")
STYLES = ("tokens", "components", "pages", "walk", "field", "field-photo")
ICONS = ("icons/sprite.svg", "icons/favicon.svg")
SCRIPT = re.compile(r"""field/(\w+\.js)""")
IMPORT = re.compile(r"""^(?:import|export) .*?["']\./(\w+\.js)["'];|^} from ["']\./(\w+\.js)["'];""", re.M)
THEME, GROUND = "#155e75", "#f7f6f2"  # --hero and --paper of tokens.css: a manifest knows no variables


@dataclass(frozen=True)
class Built:
    """Bytes to send, as they are and packed, and their mark for If-None-Match."""

    plain: bytes
    packed: bytes
    etag: str


def built(text: str) -> Built:
    plain = text.encode()
    mark = hashlib.sha256(plain).hexdigest()[:16]
    return Built(plain, gzip.compress(plain, 9, mtime=0), f'W/"{mark}"')


def shell(screen: str, language: str) -> Built:
    """One screen in one language. Nothing of a person, a session or a token can be in it: none is passed."""
    return _remembered(_shell)(screen, language, settings.PWA_ENABLED)


def worker(language: str) -> Built:
    """The service worker, or the one that takes itself away when the field client is switched off."""
    return _remembered(_worker)(language, settings.PWA_ENABLED)


def manifest(language: str) -> Built:
    """What a phone needs to put the field client on its home screen."""
    return _remembered(_manifest)(language)


def _remembered(build):
    """Built once a process; while somebody works on the files, anew each time."""
    return build.__wrapped__ if settings.DEBUG else build


@lru_cache(maxsize=32)
def _shell(screen, language, is_enabled) -> Built:
    with translation.override(language):
        modules = [staticfiles_storage.url(f"field/{name}") for name in modules_of(screen)]
        context = {
            "screen": screen,
            "modules": modules,
            "words": words_of(screen),
            "LANGUAGE_CODE": language,
            "is_pwa": is_enabled,
        }
        return built(render_to_string(f"field/{screen}.html", context))


@lru_cache(maxsize=8)
def _worker(language, is_enabled) -> Built:
    if not is_enabled:
        return built(render_to_string("field/worker_off.js"))
    addresses = {reverse(f"field:{screen}"): shell(screen, language).etag for screen in SCREENS}
    facts = {
        "version": version_of(assets(), addresses),
        "assets": json.dumps([address for address, _mark in assets()]),
        "shells": json.dumps(list(addresses)),
        "language": language,
        "is_hashed": _is_hashed(),
    }
    return built(render_to_string("field/worker.js", facts))


@lru_cache(maxsize=8)
def _manifest(language) -> Built:
    with translation.override(language):
        icons = [("any.svg", "any", "any"), ("192.png", "192x192", "any"), ("512.png", "512x512", "any")]
        icons += [("maskable.png", "512x512", "maskable")]
        facts = {
            "id": reverse("field:today"),
            "name": _("School Safety: patrol"),
            "short_name": _("Patrol"),
            "lang": "en" if language == "en" else "zh-CN",
            "start_url": reverse("field:today"),
            "scope": reverse("field:today"),
            "display": "standalone",
            "theme_color": THEME,
            "background_color": GROUND,
            "icons": [
                {"src": staticfiles_storage.url(f"icons/field-{name}"), "sizes": sizes, "purpose": purpose}
                for name, sizes, purpose in icons
            ],
        }
        return built(json.dumps(facts, ensure_ascii=False))


def modules_of(screen) -> list[str]:
    """The scripts that a screen needs at once, imports included: fetched together, not one after another."""
    page = (settings.BASE_DIR / "templates" / "field" / f"{screen}.html").read_text(encoding="utf-8")
    waiting, found = ["shell.js", *SCRIPT.findall(page)], []
    while waiting:
        name = waiting.pop(0)
        if name not in found:
            found.append(name)
            text = (settings.BASE_DIR / "static" / "field" / name).read_text(encoding="utf-8")
            waiting += [one for pair in IMPORT.findall(text) for one in pair if one]
    return found


def version_of(assets, shells) -> str:
    """Changes with any asset and with any shell, and with nothing else."""
    return hashlib.sha256(json.dumps([sorted(assets), sorted(shells.items())]).encode()).hexdigest()[:10]


def assets() -> list[tuple[str, str]]:
    """(address, mark) of everything that a screen may load. A hashed address is its own mark."""
    scripts = sorted((settings.BASE_DIR / "static" / "field").glob("*.js"))
    names = [*(f"css/{name}.css" for name in STYLES), *ICONS, *(f"field/{path.name}" for path in scripts)]
    return [(staticfiles_storage.url(name), "" if _is_hashed() else _mark(name)) for name in names]


def _is_hashed() -> bool:
    return hasattr(staticfiles_storage, "hashed_files") and not settings.DEBUG


def _mark(name: str) -> str:
    return hashlib.sha256((settings.BASE_DIR / "static" / name).read_bytes()).hexdigest()[:12]
