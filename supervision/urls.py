"""The addresses of supervision, gathered from its parts."""

from .addresses import (
    chasing,
    closing,
    command,
    funding,
    judging,
    ledger,
    listing,
    looking_back,
    measures,
    stops,
    surroundings,
)

app_name = "supervision"
PARTS = [
    judging,
    listing,
    stops,
    closing,
    looking_back,
    measures,
    surroundings,
    funding,
    chasing,
    command,
    ledger,
]
urlpatterns = [address for part in PARTS for address in part.urlpatterns]
