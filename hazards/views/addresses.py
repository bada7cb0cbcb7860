"""Where a person goes on: the queue that the case was opened from travels along in the address."""

from urllib.parse import urlencode

from django.urls import reverse

from .. import queries

KNOWN = {"verify", "overdue", *queries.QUEUES}


def queue_of(request):
    """The queue named in the address, or "" if it names none."""
    queue = request.GET.get("queue", "")
    return queue if queue in KNOWN else ""


def queue_query(request):
    """ "?queue=grade", or "" """
    queue = queue_of(request)
    return f"?{urlencode({'queue': queue})}" if queue else ""


def after_act(request, hazard):
    """Back to the queue in hand; without one, to the hazard."""
    query = queue_query(request)
    return reverse("hazards:list") + query if query else hazard.get_absolute_url()
