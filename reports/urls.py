"""The addresses of reports."""

from django.urls import path

from .views import bulletins, overview, weekly, weeks

app_name = "reports"
urlpatterns = [
    path("overview/", overview.overview, name="overview"),
    path("weekly/", weeks.week_list, name="weekly_list"),
    path("weekly/chase/", weeks.chase_all, name="weekly_chase"),
    path("weekly/papers/", weeks.make_papers, name="weekly_papers"),
    path("weekly/<int:pk>/", weekly.detail, name="weekly_detail"),
    path("weekly/<int:pk>/pdf/", weekly.paper, name="weekly_pdf"),
    path("weekly/<int:pk>/<slug:action>/", weekly.act, name="weekly_act"),
    path("bulletins/", bulletins.bulletin_list, name="bulletin_list"),
    path("bulletins/new/", bulletins.new, name="bulletin_new"),
    path("bulletins/<int:pk>/", bulletins.detail, name="bulletin_detail"),
    path("bulletins/<int:pk>/edit/", bulletins.edit, name="bulletin_edit"),
    path("bulletins/<int:pk>/pdf/", bulletins.paper, name="bulletin_pdf"),
    path("bulletins/<int:pk>/read/", bulletins.read, name="bulletin_read"),
    path("bulletins/<int:pk>/receipts/", bulletins.receipts, name="bulletin_receipts"),
    path("bulletins/<int:pk>/<slug:action>/", bulletins.act, name="bulletin_act"),
]
