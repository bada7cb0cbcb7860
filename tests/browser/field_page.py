"""A field screen by itself: a shell with chosen parts and its static files, without a site behind it."""

import contextlib
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template import engines
from django.utils import translation

from inspections.field_words import words_of

TYPES = {"js": "text/javascript", "css": "text/css", "svg": "image/svg+xml", "png": "image/png"}
POLICY = "; ".join(f"{name} {' '.join(values)}" for name, values in settings.SECURE_CSP.items())


def page_of(*parts: str, screen: str = "walk") -> bytes:
    """The frame of every screen around these templates, in Chinese."""
    included = "".join(f'{{% include "{part}" only %}}' for part in parts)
    source = (
        '{% extends "field/base.html" %}{% block title %}照片{% endblock %}'
        '{% block content %}<h1>照片</h1><div class="photos" data-strip></div>{% endblock %}'
        f"{{% block templates %}}{included}{{% endblock %}}"
    )
    with translation.override("zh-hans"):
        context = {"screen": screen, "words": words_of(screen), "LANGUAGE_CODE": "zh-hans", "is_pwa": False}
        return engines["django"].from_string(source).render(context).encode()


@contextlib.contextmanager
def served(*parts: str) -> Iterator[str]:
    """The address of that page, with the site's own content security policy."""
    page = page_of(*parts)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, page))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    def __init__(self, page, *arguments):
        self.page = page
        super().__init__(*arguments)

    def do_GET(self):
        path = self.path.partition("?")[0]
        found = finders.find(path.removeprefix("/static/")) if path.startswith("/static/") else None
        if found:
            with open(found, "rb") as file:
                self._answer(file.read(), TYPES.get(found.rpartition(".")[2], "application/octet-stream"))
        elif path == "/m/":
            self._answer(self.page, "text/html; charset=utf-8")
        else:
            self.send_error(404)

    def _answer(self, body, content_type):
        self.send_response(200)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("Permissions-Policy", "camera=(self), geolocation=(), microphone=()")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        """Silent: what went wrong shows in the page."""
