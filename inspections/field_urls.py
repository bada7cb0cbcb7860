"""The addresses of the field client, under /m/."""

from django.urls import path

from .views import field, field_points, field_rescue

app_name = "field"
urlpatterns = [
    path("", field.shell, {"screen": "today"}, name="today"),
    path("patrol/", field.shell, {"screen": "walk"}, name="walk"),
    path("snap/", field.shell, {"screen": "snap"}, name="snap"),
    path("mine/", field.shell, {"screen": "mine"}, name="mine"),
    path("queue/", field.shell, {"screen": "queue"}, name="queue"),
    path("help/", field.shell, {"screen": "help"}, name="help"),
    path("out/", field.shell, {"screen": "out"}, name="out"),
    path("p/<str:code>", field_points.point, name="point"),
    path("rescue/", field_rescue.rescue, name="rescue"),
    path("sw.js", field.worker, name="worker"),
    path("manifest.webmanifest", field.manifest, name="manifest"),
]
