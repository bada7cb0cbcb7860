"""The address of the bureau's ledger."""

from django.urls import path

from ..views import ledger

urlpatterns = [path("ledger/", ledger.ledger, name="ledger")]
