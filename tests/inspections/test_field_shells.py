"""The field client's shells, worker and manifest: the same bytes for everybody, and nothing of anybody."""

import gzip
import io
import json
import re
from itertools import chain

import pytest
from django.contrib.staticfiles import finders
from django.template.loader import get_template
from django.urls import reverse
from PIL import Image

from inspections import field_shells
from inspections.field_words import words_of
from tests.source import ROOT

SCREENS = sorted(field_shells.SCREENS)
SCRIPTS = ROOT / "static" / "field"
# A module that is brought in at the top of another, or fetched when it is needed.
IMPORT = re.compile(r"""(?:from|import\()\s*["']\./(\w+\.js)["']|^import ["']\./(\w+\.js)["']""", re.M)
SAID = re.compile(r"""\bsay\(\s*["'](\w+)["']""")


def page(client, screen, **query):
    return client.get(reverse(f"field:{screen}"), query)


def modules_of(html):
    """Every module that a screen may load, by following the imports."""
    waiting = re.findall(r'<script type="module" src="[^"]*/field/(\w+\.js)"', html)
    found = {}
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = (SCRIPTS / name).read_text(encoding="utf-8")
            waiting += [one for pair in IMPORT.findall(found[name]) for one in pair if one]
    return found


@pytest.mark.parametrize("screen", SCREENS)
def test_a_shell_is_the_same_for_everybody(client, screen, officer, stranger, clerk, school):
    """Signed out, at the school, at another school, at the bureau: the same bytes, and no session begun."""
    first = page(client, screen)
    assert first.status_code == 200
    assert not first.cookies
    for person in (officer, stranger, clerk):
        client.force_login(person)
        answer = page(client, screen)
        assert answer.content == first.content
        assert person.name not in answer.content.decode()
    text = first.content.decode()
    assert school.name not in text
    assert "csrf" not in text.lower()


@pytest.mark.parametrize("screen", SCREENS)
def test_a_shell_has_one_heading_and_its_words(client, screen):
    text = page(client, screen).content.decode()
    assert len(re.findall(r"<h1[ >]", text)) == 1
    assert all(f'data-word="{key}"' in text for key, _words in words_of(screen))


@pytest.mark.parametrize("screen", SCREENS)
def test_a_script_says_only_words_that_come_with_the_screen(client, screen):
    """A key without words would show itself to a person in the basement."""
    known = {key for key, _words in words_of(screen)}
    modules = modules_of(page(client, screen).content.decode())
    assert "words.js" in modules
    missing = {f"{name}: {key}" for name, text in modules.items() for key in SAID.findall(text)}
    assert {one for one in missing if one.partition(": ")[2] not in known} == set()


def test_the_languages_are_two_and_a_stranger_language_is_ignored(client):
    chinese, english = page(client, "today"), page(client, "today", lang="en")
    assert '<html lang="zh-CN">' in chinese.content.decode()
    assert '<html lang="en">' in english.content.decode()
    assert page(client, "today", lang="<x>").content == chinese.content
    client.cookies["django_language"] = "en"
    assert page(client, "today").content == english.content


def test_a_shell_is_kept_but_asked_for_anew_and_comes_packed(client):
    plain = page(client, "today")
    packed = client.get(reverse("field:today"), headers={"accept-encoding": "gzip, br"})
    assert plain["Cache-Control"] == packed["Cache-Control"] == "no-cache"
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert "Accept-Encoding" in packed["Vary"]
    again = client.get(reverse("field:today"), headers={"if-none-match": plain["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(reverse("field:today"), headers={"if-none-match": '"x"'}).status_code == 200


@pytest.mark.parametrize("name", [*SCREENS, "worker", "manifest"])
def test_nothing_here_is_written_to(client, name, officer):
    client.force_login(officer)
    assert client.post(reverse(f"field:{name}")).status_code == 405


def listed(text, name):
    return json.loads(re.search(rf"^const {name} = (\[.*\]);$", text, re.M).group(1))


def worker(client, **query):
    answer = client.get(reverse("field:worker"), query)
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Cache-Control"] == "no-cache"
    return answer.content.decode()


def test_the_worker_holds_every_screen_and_every_script_and_nothing_else(client):
    text = worker(client)
    assert listed(text, "SHELLS") == [reverse(f"field:{screen}") for screen in field_shells.SCREENS]
    assets = listed(text, "ASSETS")
    assert {one for one in assets if "/field/" in one} == {
        f"/static/field/{path.name}" for path in SCRIPTS.glob("*.js")
    }
    assert all(finders.find(one.removeprefix("/static/")) for one in assets)
    link = re.compile(r'(?:href|src)="(/static/[^"#]+)')
    loaded = chain(*(link.findall(text) for text in shells(client)))
    icons = {"/static/icons/field-192.png"}  # only asked for when it is put on the home screen
    assert set(loaded) - set(assets) - icons == set()


def shells(client):
    return [page(client, screen).content.decode() for screen in SCREENS]


def test_the_worker_leaves_writes_data_and_photos_alone(client):
    text = worker(client)
    assert 'request.method !== "GET"' in text
    assert "/api/" not in text
    assert "/files/" not in text
    assert "respondWith" in text
    install = text[text.index("async function fill") : text.index("async function kept")]
    assert "catch" not in install, "a half-filled cache must not become the one in use"
    assert 'addEventListener("install", (event) => event.waitUntil(fill()))' in text


@pytest.fixture
def anew():
    """The process remembers what it built; these tests change what it is built from."""

    def forget():
        for build in (field_shells._shell, field_shells._worker, field_shells._manifest):
            build.cache_clear()

    forget()
    yield forget
    forget()


def version(client, **query):
    return re.search(r'CACHE = "shell-(\w+)"', worker(client, **query)).group(1)


def test_the_version_changes_with_an_asset_and_with_a_shell_and_with_nothing_else(client, anew, monkeypatch):
    first = version(client)
    anew()
    assert version(client) == first
    rows = field_shells.assets()
    monkeypatch.setattr(field_shells, "assets", lambda: [*rows[:-1], (rows[-1][0], "changed")])
    anew()
    assert version(client) != first
    monkeypatch.undo()
    anew()
    assert version(client) == first
    monkeypatch.setitem(field_shells.__dict__, "words_of", lambda screen: [("key", "other words")])
    anew()
    assert version(client) != first
    assert version(client, lang="en") != version(client, lang="zh-hans")


def test_a_changed_file_is_another_asset_where_names_carry_no_hash(tmp_path, settings):
    folder = tmp_path / "static" / "css"
    folder.mkdir(parents=True)
    (folder / "field.css").write_text("a")
    settings.BASE_DIR = tmp_path
    before = field_shells._mark("css/field.css")
    (folder / "field.css").write_text("b")
    assert field_shells._mark("css/field.css") != before


def test_switched_off_the_worker_takes_itself_away_and_no_page_registers_one(client, settings):
    assert "data-worker" in page(client, "today").content.decode()
    settings.PWA_ENABLED = False
    text = worker(client)
    assert "registration.unregister()" in text
    assert "caches.delete" in text
    assert "respondWith" not in text
    for screen in SCREENS:
        assert "data-worker" not in page(client, screen).content.decode()


def test_switched_off_nothing_leads_to_the_field_client(client, settings, officer, term):
    client.force_login(officer)
    assert reverse("field:today") in client.get(reverse("inspections:today")).content.decode()
    settings.PWA_ENABLED = False
    main = client.get(reverse("inspections:today")).content.decode().partition("<main")[2]
    assert reverse("field:today") not in main


def test_the_manifest_names_icons_that_are_what_it_says(client):
    answer = client.get(reverse("field:manifest"))
    assert answer["Content-Type"] == "application/manifest+json"
    facts = json.loads(answer.content)
    assert facts["start_url"] == facts["scope"] == facts["id"] == "/m/"
    assert (facts["display"], facts["short_name"], facts["lang"]) == ("standalone", "巡查", "zh-CN")
    for icon in facts["icons"]:
        with open(finders.find(icon["src"].removeprefix("/static/")), "rb") as file:
            content = file.read()
        if icon["sizes"] == "any":
            assert content.startswith(b"<svg")
        else:
            assert "{}x{}".format(*Image.open(io.BytesIO(content)).size) == icon["sizes"]
    assert {icon["purpose"] for icon in facts["icons"]} == {"any", "maskable"}
    english = json.loads(client.get(reverse("field:manifest"), {"lang": "en"}).content)
    assert (english["short_name"], english["lang"]) == ("Patrol", "en")


def test_every_part_of_a_screen_compiles():
    for path in sorted((ROOT / "templates" / "field").iterdir()):
        get_template(f"field/{path.name}")
