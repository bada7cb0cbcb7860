"""The settings of an organisation, each with what holds now and where that comes from."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from ..preferences import REGISTRY, save_preferences, sources_of
from .places import administered, choose_place


def settings_page(request):
    """GET shows the settings; POST saves those that were sent, all or none."""
    place, errors, texts = choose_place(request), {}, {}
    if request.method == "POST":
        texts = {key: request.POST[key] for key in REGISTRY if key in request.POST}
        try:
            save_preferences(place, actor=request.user, texts=texts)
        except ValidationError as error:
            errors = {key: " ".join(sentences) for key, sentences in error.message_dict.items()}
        else:
            messages.success(request, _("Saved."))
            return redirect(f"{request.path}?place={place.pk}")
    rows = [row | _drawn(row, texts, errors) for row in sources_of(place)]
    context = {"rows": rows, "place": place, "places": administered(request.user), "has_errors": bool(errors)}
    return render(request, "core/settings.html", context, status=400 if errors else 200)


def _drawn(row, texts, errors):
    """What the template needs beside a row of `sources_of`: the text in the field, its options, its error."""
    value = row["value"]
    text = "1" if value is True else "0" if value is False else str(value)
    options = row["choice"].options
    if row["choice"].kind == "switch":
        options = (("1", _("yes")), ("0", _("no")))
    return {
        "text": texts.get(row["key"], text),
        "options": [(str(key), label) for key, label in options],
        "above_text": next(
            (label for key, label in options if str(key) == _text(row["above"])), row["above"]
        ),
        "error": errors.get(row["key"]),
    }


def _text(value):
    return "1" if value is True else "0" if value is False else str(value)
