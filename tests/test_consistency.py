"""The habits of the whole tree: sizes, the row scope, the clock, login, templates."""

import fnmatch
import re

import pytest
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.urls import URLPattern, get_resolver

from tests import source

# Pages that a signed-out visitor may ask for → why.
PUBLIC: dict[str, str] = {
    "core:login": "it is the login",
    "core:activate": "a one-time link for people who have no password yet",
    "core:setup": "a one-time link for the very first person",
    "core:demo": "the door of the demo city: demo mode and this machine only",
    "core:look": "theme, type size and language, kept in cookies",
    "core:healthz": "asked by load balancers",
    "core:readyz": "asked by load balancers",
    "field:today": "a shell: what it shows lies in the browser",
    "field:walk": "a shell",
    "field:snap": "a shell",
    "field:mine": "a shell",
    "field:queue": "a shell",
    "field:help": "a shell",
    "field:out": "a shell; it must work without a session and without network",
    "field:worker": "a browser fetches it by itself; the same for everybody",
    "field:manifest": "a browser fetches it without cookies",
    "supervision:public_listings": "what a person published for everybody",
    "supervision:public_listing": "one of these",
    "field-api:api-root": "the address of the interface, nothing of anybody",
    "field-api:session": "a phone asks whether it is signed in",
    "field-api:bootstrap": "answers 401 in JSON by itself",
    "field-api:photo": "answers 401 in JSON by itself",
    "field-api:point": "answers 401 in JSON by itself",
    "field-api:record": "answers 401 in JSON by itself",
    "field-api:scan": "answers 401 in JSON by itself",
}
# Reads in views that no row scope can cover, "path Model.objects.method" → why.
UNSCOPED_READS: dict[str, str] = {}
# Templates that Django finds by itself, or that a library asks for by name.
ASKED_FOR_BY_NAME = ["400.html", "403.html", "403_csrf.html", "404.html", "500.html", "registration/*"]
FORBIDDEN_IN_PAGES = {
    "an inline style": re.compile(r"""<[a-z][^<>]*\sstyle\s*=|<style[\s>]""", re.I),
    "an inline script": re.compile(r"""<script(?![^>]*\ssrc=)[^>]*>|\shref\s*=\s*["']javascript:""", re.I),
    "an inline handler": re.compile(r"""<[a-z][^<>]*\son[a-z]+\s*=\s*["']""", re.I),
}
COMMENT = re.compile(r"\s*({#|{% comment)")
LEFT_OPEN = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")
NOQA_WITHOUT_REASON = re.compile(r"#\s*no" + r"qa(?!:.*--)")


def patterns(resolver, namespace=""):
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name or pattern.pattern}", pattern
        else:
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from patterns(pattern, inner)


PAGES = dict(patterns(get_resolver()))


def test_modules_stay_readable():
    long = {source.name_of(path): len(path.read_text().splitlines()) for path in source.modules()}
    assert {name: lines for name, lines in long.items() if lines > 400} == {}


def test_functions_stay_readable():
    long = {
        f"{source.name_of(path)} {name}": lines
        for path in source.modules()
        for name, lines in source.functions(path)
        if lines > 40
    }
    assert long == {}


@pytest.mark.parametrize(
    ("folder", "suffix", "most"),
    [("templates", ".html", 120), ("static/js", ".js", 100), ("static/field", ".js", 100)],
)
def test_templates_and_scripts_stay_readable(folder, suffix, most):
    long = {
        source.name_of(path): lines
        for path in (source.ROOT / folder).rglob(f"*{suffix}")
        if (lines := len(path.read_text().splitlines())) > most
    }
    assert long == {}


def test_no_view_reads_rows_past_the_row_scope():
    """Views reach rows through `visible_to`, never through a bare `.objects.get`, `.filter` or `.all`."""
    reads = [read for path in source.view_modules() for read in source.bare_reads(path)]
    assert [read for read in reads if re.sub(r":\d+", "", read) not in UNSCOPED_READS] == []


def test_rules_and_services_take_the_time_as_an_argument():
    assert [read for path in source.rule_modules() for read in source.clock_reads(path)] == []


@pytest.mark.parametrize("name", sorted(PAGES))
def test_every_page_asks_for_login(name):
    asks = getattr(PAGES[name].callback, "login_required", True)
    assert asks is (name not in PUBLIC), "make it ask, or tell in PUBLIC why it does not"


def test_what_is_public_exists():
    assert set(PUBLIC) - set(PAGES) == set()


def test_every_page_has_a_name():
    assert [str(page.pattern) for page in PAGES.values() if not page.name] == []


def test_no_template_is_missing():
    missing = []
    for name, where in source.template_patterns().items():
        if "*" in name or where.startswith("tests/") or ("/" not in name and where.endswith(".py")):
            continue
        if (source.ROOT / "static" / name).exists():
            continue
        try:
            get_template(name)
        except TemplateDoesNotExist:
            missing.append(f"{where}: {name}")
    assert missing == []


def test_no_template_lies_unused():
    used = [*source.template_patterns(), *ASKED_FOR_BY_NAME]
    names = [str(path.relative_to(source.TEMPLATES)) for path in source.templates()]
    assert [name for name in names if not any(fnmatch.fnmatch(name, pattern) for pattern in used)] == []


def test_every_template_compiles():
    for path in source.templates():
        get_template(str(path.relative_to(source.TEMPLATES)))


@pytest.mark.parametrize("what", sorted(FORBIDDEN_IN_PAGES))
def test_no_page_holds(what):
    """The content security policy would drop it; papers are printed, not served, so they may."""
    found = [
        f"{source.name_of(path)}: {match.group()[:60]}"
        for path in source.templates()
        if "papers" not in path.parts and path.suffix == ".html"
        for match in FORBIDDEN_IN_PAGES[what].finditer(path.read_text())
    ]
    assert found == []


def test_every_component_names_its_inputs_in_its_first_line():
    components = (source.TEMPLATES / "components").rglob("*.html")
    assert [source.name_of(path) for path in components if not COMMENT.match(path.read_text())] == []


def test_nothing_is_left_open_and_no_rule_is_silenced_without_a_reason():
    found = []
    for path in [*source.modules(), *source.templates(), *(source.ROOT / "static").rglob("*.js")]:
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if LEFT_OPEN.search(line) or NOQA_WITHOUT_REASON.search(line):
                found.append(f"{source.name_of(path)}:{number} {line.strip()[:80]}")
    assert found == []


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("Hazard.objects.filter(pk=1)", ["Hazard.objects.filter"]),
        ("Hazard.objects.visible_to(user).filter(pk=1)", []),
        ("get_object_or_404(Hazard, pk=1)", ["get_object_or_404(Hazard)"]),
        ("get_object_or_404(models.Hazard.objects, pk=1)", ["get_object_or_404(models.Hazard.objects)"]),
        ("get_object_or_404(Hazard.objects.visible_to(user), pk=1)", []),
        ("get_object_or_404(hazards, pk=1)", []),
    ],
)
def test_the_scope_check_sees(code, expected, tmp_path, monkeypatch):
    monkeypatch.setattr(source, "ROOT", tmp_path)
    path = tmp_path / "views.py"
    path.write_text(code)
    assert [read.partition(" ")[2] for read in source.bare_reads(path)] == expected


@pytest.mark.parametrize(
    ("page", "what"),
    [
        ('<p class="{% if a %}x{% endif %}" style="color:red">', ["an inline style"]),
        ("<style>p{}</style>", ["an inline style"]),
        ("<script>alert(1)</script>", ["an inline script"]),
        ('<a href="javascript:void(0)">', ["an inline script"]),
        ('<button type="button" onclick="go()">', ["an inline handler"]),
        ('<script type="module" src="x.js"></script><p class="style" data-on="x">', []),
    ],
)
def test_the_page_check_sees(page, what):
    assert [name for name, pattern in FORBIDDEN_IN_PAGES.items() if pattern.search(page)] == what
