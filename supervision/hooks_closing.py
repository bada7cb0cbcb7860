"""Closing, beside a hazard: what locks its close-out, its sheet, hints about its photos."""

from django.urls import reverse
from django.utils.translation import gettext as _

from hazards import presentation
from hazards.services import moving
from hazards.workflow import WRITE_OFF_CLOSURES, Grade, Status
from schoolsafety.core.pdf.text import chinese_date

from .photo_hints import hints_of
from .services import closing


def sheet_act(hazard, user):
    """The way to the sheet of what is written off; no query."""
    if hazard.status != Status.CLOSED or hazard.closure not in WRITE_OFF_CLOSURES:
        return []
    return [
        {
            "url": reverse("supervision:close_out", args=[hazard.number]),
            "label": _("Close-out sheet"),
            "key": "",
        }
    ]


def sheet_box(hazard, user, now):
    """The numbered sheets of a major hazard, also of closures before it was reopened (one query)."""
    if hazard.grade != Grade.MAJOR or (hazard.status != Status.CLOSED and not hazard.reopened_count):
        return []
    rows = list(hazard.close_outs.all())
    return [("supervision/closing/_sheets.html", {"rows": rows})] if rows else []


def known_elsewhere(hazard):
    """The listing's number and the day of the look-back for the sheet (two queries)."""
    numbers = hazard.listings.filter(number__isnull=False).order_by("pk").values_list("number", flat=True)
    days = hazard.look_backs.filter(cycle=hazard.reopened_count).order_by("pk")
    day = days.values_list("due_on", flat=True).first()
    return {"listing": "、".join(numbers), "look_back": chinese_date(day) if day else ""}


closing.SHEET_FACTS.append(known_elsewhere)
moving.LOCKS += [closing.notice_lock, closing.plan_lock]
moving.FOLLOWERS.append(closing.follow_close)
presentation.ACT_SOURCES.append(sheet_act)
presentation.PART_SOURCES.append(sheet_box)
presentation.PHOTO_HINTS.append(hints_of)
