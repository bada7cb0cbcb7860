"""The addresses of the whole site: nouns, one page an object."""

from django.urls import include, path

urlpatterns = [
    path("", include("schoolsafety.core.urls")),
    path("h/", include("hazards.urls")),
    path("", include("inspections.urls")),
    path("", include("reports.urls")),
]

handler403 = "schoolsafety.core.views.errors.forbidden"
handler404 = "schoolsafety.core.views.errors.not_found"
handler500 = "schoolsafety.core.views.errors.server_error"
