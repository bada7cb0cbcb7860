"""The close-out sheet of a hazard: what it says, its PDF, and issuing it where it is not issued yet."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from hazards.views.acts import visible_hazard
from hazards.workflow import NotAllowed

from ..models import CloseOut
from ..services import closing


def close_out(request, number):
    """GET shows the sheet of the present closure or why there is none; POST issues it, once."""
    hazard = visible_hazard(request, number)
    refusal = closing.refusal(hazard, request.user)
    if request.method == "POST":
        try:
            row = closing.issue(hazard, actor=request.user, now=timezone.now())
        except NotAllowed as reason:
            refusal = str(reason)
        else:
            messages.success(request, _("The close-out sheet is issued."))
            return redirect("core:paper", row.paper_id)
    sheets = list(
        CloseOut.objects.visible_to(request.user).filter(hazard=hazard).select_related("organisation")
    )
    current = next((row for row in sheets if row.turn == hazard.reopened_count), None)
    context = {
        "hazard": hazard, "sheet": current, "refusal": refusal,
        "earlier": [row for row in sheets if row is not current],
        "is_drawn": current is not None and current.paper_id is not None,
    }  # fmt: skip
    status = 403 if request.method == "POST" else 200
    return render(request, "supervision/closing/sheet.html", context, status=status)
