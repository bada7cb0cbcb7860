"""The worker's part of close-outs: the PDF of a sheet that was numbered when the hazard was written off."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from schoolsafety.core import jobs

from .models import CloseOut
from .services import closing


@jobs.handler(closing.JOB, title=gettext_lazy("Draw the close-out sheet"))
def draw_sheet(job, close_out):
    """Draw one sheet; a second run finds it drawn."""
    row = closing.render(CloseOut.objects.get(pk=close_out), now=timezone.now())
    return {"url": reverse("core:paper", args=[row.paper_id]), "text": row.number or ""}
