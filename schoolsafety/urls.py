"""The addresses of the whole site: nouns, one page an object."""

from django.urls import include, path

from inspections.views.field_api import urls as field_api

urlpatterns = [
    path("", include("schoolsafety.core.urls")),
    path("h/", include("hazards.urls")),
    path("", include("inspections.urls")),
    path("", include("supervision.urls")),
    path("m/", include("inspections.field_urls")),
    path("api/m/", field_api),
    path("", include("reports.urls")),
]

handler403 = "schoolsafety.core.views.errors.forbidden"
handler404 = "schoolsafety.core.views.errors.not_found"
handler500 = "schoolsafety.core.views.errors.server_error"
