"""The addresses of the walk through the criteria of a major hazard."""

from django.urls import path

from ..views import judging

urlpatterns = [
    path("judge/<str:number>/", judging.judge, name="judge"),
    path("judgements/", judging.judgements, name="judgements"),
    path("judgements/<int:pk>/", judging.judgement, name="judgement"),
    path("criteria/", judging.criteria, name="criteria"),
    path("criteria/<int:pk>/", judging.criterion, name="criterion"),
]
