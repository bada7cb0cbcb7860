"""Where a person goes on: the queue that the case was opened from travels along in the address."""

from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from .. import queries
from ..models import Hazard

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
    """To the next case of the queue in hand, at its end to the queue; without one, to the hazard."""
    query = queue_query(request)
    if not query:
        return hazard.get_absolute_url()
    condition = queries.condition_of(queue_of(request), request.user, timezone.now())
    later = Q(found_at__lt=hazard.found_at) | Q(found_at=hazard.found_at, pk__lt=hazard.pk)
    waiting = Hazard.objects.visible_to(request.user).filter(condition, later)
    following = waiting.order_by("-found_at", "-pk").first()
    return (following.get_absolute_url() if following else reverse("hazards:list")) + query
