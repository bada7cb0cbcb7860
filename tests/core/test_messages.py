"""The catalogues: what is extracted, what goes red, what is kept."""

from gettext import GNUTranslations

import pytest
from django.core.management import CommandError, call_command

from schoolsafety.core import catalogues


@pytest.fixture
def project(tmp_path, settings):
    """A project of two areas with a module and a template each."""
    settings.BASE_DIR, settings.MESSAGE_AREAS = tmp_path, ["core", "hazards"]
    write(tmp_path / "schoolsafety/core/roles.py", 'ROLE = _("Principal")\n')
    write(tmp_path / "templates/base.html", '{% translate "Sign out" %}\n')
    write(tmp_path / "hazards/models.py", 'NAME = pgettext_lazy("grade", "Major")\n')
    write(tmp_path / "templates/hazards/list.html", '<p>{{ x|default:_("None") }}</p>\n')
    return tmp_path


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def area(name):
    return next(one for one in catalogues.areas() if one.name == name)


def ids(name):
    return {(message.context, message.id) for message in catalogues.extracted(area(name)) if message.id}


def translate(name, **strings):
    """Fill the area's catalogue: English word=Chinese word; every other message gets a filler."""
    call_command("messages", area=[name])
    path, lines, current = area(name).po_path, [], ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("msgid "):
            current = line[7:-1]
        if line == 'msgstr ""' and current:
            line = f'msgstr "{strings.get(current, "译文")}"'
        lines.append(line)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_each_area_takes_its_own_app_and_templates_and_core_takes_the_rest(project):
    assert ids("core") == {(None, "Principal"), (None, "Sign out")}
    assert ids("hazards") == {("grade", "Major"), (None, "None")}


def test_blocks_contexts_plurals_and_trimming_are_extracted_from_templates(project):
    write(
        project / "templates/hazards/list.html",
        "{% if a %}\n      <b>{% translate 'May' context 'month' %}</b>\n   {% endif %}\n"
        "{% blocktranslate count n=rows|length trimmed %}\n  {{ n }} photo\n{% plural %}\n  {{ n }} photos\n"
        "{% endblocktranslate %}\n  {% blocktranslate context 'greeting' %}Hello “{{ name }}” 100%"
        "{% endblocktranslate %}"
        "{# a comment #}{% comment %}{% translate 'Not this' %}{% endcomment %} 中文'\" ( [\n",
    )
    assert ids("hazards") == {
        ("grade", "Major"),
        ("month", "May"),
        (None, ("%(n)s photo", "%(n)s photos")),
        ("greeting", "Hello “%(name)s” 100%%"),
    }


def test_an_untranslated_message_goes_red_and_names_its_line(project, capsys):
    translate("core")
    translate("hazards")
    call_command("messages", check=True)
    write(project / "schoolsafety/core/roles.py", '\n\nROLE = _("Principal"), _("Auditor")\n')
    with pytest.raises(CommandError, match="1 faults"):
        call_command("messages", check=True)
    assert "schoolsafety/core/roles.py:3: missing from the catalogue: “Auditor”" in capsys.readouterr().err
    call_command("messages")
    with pytest.raises(CommandError):
        call_command("messages", check=True)
    assert "not translated: “Auditor”" in capsys.readouterr().err


def test_an_update_keeps_translations_and_drops_what_is_no_longer_used(project):
    translate("core", Principal="校长")
    write(project / "templates/base.html", "<p></p>")
    assert catalogues.problems(area("core")) == [
        "locale/core/zh_Hans/LC_MESSAGES/django.po: no longer used: “Sign out”"
    ]
    call_command("messages", area=["core"])
    text = area("core").po_path.read_text(encoding="utf-8")
    assert 'msgid "Principal"\nmsgstr "校长"' in text
    assert "Sign out" not in text
    call_command("messages", area=["core"])
    assert area("core").po_path.read_text(encoding="utf-8") == text


def test_a_fuzzy_entry_goes_red(project):
    translate("core")
    path = area("core").po_path
    path.write_text(path.read_text().replace('msgid "Principal"', '#, fuzzy\nmsgid "Principal"'))
    assert ["marked fuzzy" in line for line in catalogues.problems(area("core"))] == [True]


def test_a_translation_that_loses_a_placeholder_goes_red(project):
    write(project / "schoolsafety/core/roles.py", 'TEXT = _("%(days)s days left")\n')
    translate("core", **{"%(days)s days left": "剩余 %(day)s 天"})
    assert "other placeholders" in catalogues.problems(area("core"))[0]
    path = area("core").po_path
    path.write_text(path.read_text().replace("%(day)s", "%(days)s"))
    assert catalogues.problems(area("core")) == []


def test_two_areas_may_not_translate_one_message_differently(project, capsys):
    write(project / "hazards/models.py", 'NAME = _("Principal")\n')
    translate("core", Principal="校长")
    translate("hazards", Principal="负责人")
    with pytest.raises(CommandError):
        call_command("messages", check=True)
    assert "core says “校长”, hazards says “负责人”" in capsys.readouterr().err


def test_a_message_that_gains_a_plural_keeps_its_translation(project):
    write(project / "schoolsafety/core/roles.py", 'TEXT = _("%(n)s photo")\n')
    translate("core", **{"%(n)s photo": "%(n)s 张照片"})
    write(project / "schoolsafety/core/roles.py", 'TEXT = ngettext("%(n)s photo", "%(n)s photos", n)\n')
    call_command("messages", area=["core"])
    assert 'msgstr[0] "%(n)s 张照片"' in area("core").po_path.read_text(encoding="utf-8")


def test_compiled_catalogues_can_be_read_and_are_made_anew_only_when_needed(project):
    translate("hazards", Major="重大")
    call_command("messages", compile=True)
    with area("hazards").mo_path.open("rb") as file:
        assert GNUTranslations(file).pgettext("grade", "Major") == "重大"
    assert catalogues.compile_area(area("hazards")) is False


def test_an_unknown_area_is_refused(project):
    with pytest.raises(CommandError, match="the areas are core, hazards"):
        call_command("messages", area=["hazard"])
