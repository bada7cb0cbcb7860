"""The site's addresses, and before them the pages of the gallery and the pictures they show."""

import io
from pathlib import Path

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.template import engines
from django.template.loader import get_template
from django.urls import include, path
from PIL import Image, ImageDraw

from schoolsafety.core.forms import SignInForm

from . import samples

HERE = Path(__file__).parent


def page(name, context):
    """A view of NAME.html here, or of the site's template `name`, in the frame of a signed-in person."""

    @login_not_required
    def view(request):
        ours = HERE / f"{name}.html"
        template = engines["django"].from_string(ours.read_text()) if ours.exists() else get_template(name)
        return HttpResponse(template.render(samples.frame() | context(), request))

    return view


def parts():
    acts = [("notice", "下达通知"), ("remind", "催办"), ("export", "导出")]
    return samples.case() | samples.figures() | {
        "long": samples.LONG, "duties": samples.duties(), "now": samples.NOW, "acts": acts,
        "job": {"get_state_display": "正在运行", "total_steps": 12, "done_steps": 7, "error": "第3行"},
    }  # fmt: skip


@login_not_required
def thumbnail(request, pk):
    """A drawn picture of four by three."""
    picture = Image.new("RGB", (320, 240), (150, 120 + 30 * pk % 90, 90))
    ImageDraw.Draw(picture).rectangle((60, 60, 260, 200), fill=(90, 100, 110))
    stream = io.BytesIO()
    picture.save(stream, "JPEG")
    return HttpResponse(stream.getvalue(), content_type="image/jpeg")


def forms(form):
    return lambda: {"form": form(), "filters": samples.FilterForm()}


urlpatterns = [
    path("gallery/parts/", page("parts", parts)),
    path("gallery/walk/", page("inspections/walk.html", samples.walk)),
    path("gallery/form/", page("forms", forms(samples.SampleForm))),
    path("gallery/wrong/", page("forms", forms(samples.wrong_form))),
    path("gallery/plain/", page("plain", lambda: {"form": SignInForm()})),
    path("files/<int:pk>/thumb/", thumbnail),
    path("files/<int:pk>/", thumbnail),
    path("", include("schoolsafety.urls")),
]
