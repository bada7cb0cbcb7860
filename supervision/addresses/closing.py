"""The addresses of the close-out sheet."""

from django.urls import path

from ..views import closing

urlpatterns = [path("close-outs/<str:number>/", closing.close_out, name="close_out")]
