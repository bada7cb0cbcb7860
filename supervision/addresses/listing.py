"""The addresses of listed supervision."""

from django.urls import path

from ..views import listing, listing_acts, listing_public

urlpatterns = [
    path("listings/", listing.listing_list, name="listings"),
    path("listings/waiting/", listing.listing_waiting, name="listings_waiting"),
    path("listings/new/", listing.listing_new, name="listing_new"),
    path("listings/reports/<int:pk>/", listing.listing_report, name="listing_report"),
    path("listings/<int:pk>/", listing.listing, name="listing"),
    path("listings/<int:pk>/edit/", listing.listing_edit, name="listing_edit"),
    path("listings/<int:pk>/preview/", listing_acts.listing_preview, name="listing_preview"),
    path("listings/<int:pk>/<slug:action>/", listing_acts.listing_act, name="listing_act"),
    path("public/listings/", listing_public.public_listings, name="public_listings"),
    path("public/listings/<int:pk>/", listing_public.public_listing, name="public_listing"),
]
