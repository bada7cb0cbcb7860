"""The addresses of hazards that wait for money."""

from django.urls import path

from ..views import funding, funding_requests

urlpatterns = [
    path("funding/", funding.ledger, name="funding"),
    path("funding/requests/", funding_requests.requests, name="funding_requests"),
    path("funding/requests/new/", funding_requests.request_new, name="funding_request_new"),
    path("funding/requests/<int:pk>/", funding_requests.request_detail, name="funding_request"),
    path(
        "funding/requests/<int:pk>/preview/", funding_requests.request_preview, name="funding_request_preview"
    ),
    path(
        "funding/requests/<int:pk>/<slug:action>/", funding_requests.request_act, name="funding_request_act"
    ),
    path("funding/declare/<str:number>/", funding.declare, name="funding_declare"),
    path("funding/<int:pk>/", funding.need, name="funding_need"),
    path("funding/<int:pk>/<slug:action>/", funding.need_act, name="funding_act"),
]
