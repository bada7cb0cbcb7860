"""The addresses of hazards."""

from django.urls import path

from .views import acts, laws, ledger, pages, planning

app_name = "hazards"
urlpatterns = [
    path("", ledger.ledger, name="list"),
    path("export/", ledger.export, name="export"),
    path("bulk/", ledger.bulk, name="bulk"),
    path("new/", pages.new, name="new"),
    path("laws/", laws.legal_bases, name="legal_bases"),
    path("laws/new/", laws.legal_basis, name="legal_basis_new"),
    path("laws/<int:pk>/", laws.legal_basis, name="legal_basis"),
    path("<str:number>/", pages.detail, name="detail"),
    path("<str:number>/plan/", planning.plan, name="plan"),
    path("<str:number>/<slug:action>/", acts.act, name="act"),
]
