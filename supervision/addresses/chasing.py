"""The addresses of deadlines, pauses, chasing and escalation."""

from django.urls import path

from ..views import chasing, escalating, pausing
from ..workflow.chasing import PauseAction

urlpatterns = [
    path("overdue/", chasing.overdue, name="overdue"),
    path("hazards/<str:number>/pause/", pausing.pause_new, name="pause_new"),
    path("pauses/<int:pk>/", pausing.pause, name="pause"),
    path("pauses/<int:pk>/decide/", pausing.pause_act, {"action": PauseAction.DECIDE}, name="pause_decide"),
    path("pauses/<int:pk>/resume/", pausing.pause_act, {"action": PauseAction.RESUME}, name="pause_resume"),
    path("escalations/", escalating.escalations, name="escalations"),
    path("escalations/<int:pk>/", escalating.escalation, name="escalation"),
]
