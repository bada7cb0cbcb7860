"""The addresses of the district's day."""

from django.urls import path

from ..views import command

urlpatterns = [path("command/", command.command, name="command")]
