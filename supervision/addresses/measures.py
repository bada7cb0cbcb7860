"""The addresses of the ladder of measures."""

from django.urls import path

from ..views import measure_acts, measure_bans, measure_proposals, measures

urlpatterns = [
    path("measures/", measures.measure_list, name="measures"),
    path("measures/new/", measures.measure_new, name="measure_new"),
    path("measures/proposals/", measure_proposals.proposal_list, name="proposals"),
    path("measures/proposals/<int:pk>/", measure_proposals.proposal, name="proposal"),
    path("measures/proposals/<int:pk>/take-up/", measure_proposals.proposal_take_up, name="proposal_take_up"),
    path("measures/triggers/", measure_proposals.trigger_list, name="triggers"),
    path("measures/triggers/<int:pk>/", measure_proposals.trigger_edit, name="trigger"),
    path("measures/bans/", measure_bans.ban_list, name="bans"),
    path("measures/<int:pk>/", measures.measure, name="measure"),
    path("measures/<int:pk>/edit/", measures.measure_edit, name="measure_edit"),
    path("measures/<int:pk>/preview/", measures.measure_preview, name="measure_preview"),
    path("measures/<int:pk>/appeal/preview/", measures.appeal_preview, name="appeal_preview"),
    path("measures/<int:pk>/papers/<slug:which>/", measures.measure_paper, name="measure_paper"),
    path("measures/<int:pk>/steps/<slug:step>/", measure_acts.measure_step, name="measure_step"),
    path("measures/<int:pk>/<slug:action>/", measure_acts.measure_act, name="measure_act"),
]
