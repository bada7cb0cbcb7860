"""The addresses of stopped use and its resumption."""

from django.urls import path

from ..views import stops as views
from ..workflow.stops import StopAction

ACTS = {
    StopAction.ISSUE: "issue",
    StopAction.DISCARD: "discard",
    StopAction.SIGN_FOR: "sign-for",
    StopAction.WITHDRAW: "withdraw",
    StopAction.APPLY: "apply",
    StopAction.REVIEW: "review",
    StopAction.DECIDE: "decide",
}
urlpatterns = [
    path("stops/", views.stop_list, name="stops"),
    path("stops/new/<str:number>/", views.stop_new, name="stop_new"),
    path("stops/<int:pk>/", views.stop, name="stop"),
    path("stops/<int:pk>/edit/", views.stop_edit, name="stop_edit"),
    path("stops/<int:pk>/preview/", views.stop_preview, name="stop_preview"),
    *[
        path(f"stops/<int:pk>/{place}/", views.stop_act, {"action": action}, name=f"stop_{action.value}")
        for action, place in ACTS.items()
    ],
]
