"""How criteria and judgements are shown: sections of a walk, rows of lists, boxes. Reads only."""

import re

from django.urls import reverse
from django.utils.translation import gettext as _

from hazards.workflow import Grade
from schoolsafety.core.roles import BUREAU_ROLES

from .models import Judgement, MajorCriterion
from .workflow.judging import Answer, Area, Flag, Mode, Outcome

ORDER = list(Area.values)
OUTCOME_KINDS = {Outcome.MAJOR: "late", Outcome.NOT_MAJOR: "done", Outcome.UNCLEAR: "warn"}


def criteria_on(user, day, area=""):
    """The criteria in force on `day` as a person reads them: by area, direct first, by number (one query)."""
    rows = MajorCriterion.objects.visible_to(user).in_force(day)
    return sorted(rows.filter(area=area) if area else rows, key=_place)


def versions(user):
    """All versions, in the same order, newer ones first (one query)."""
    rows = sorted(MajorCriterion.objects.visible_to(user), key=lambda row: row.effective_from, reverse=True)
    return sorted(rows, key=_place)


def counts_on(user, day):
    """{area: how many criteria are in force on `day`} (one query)."""
    counts = dict.fromkeys(ORDER, 0)
    for area in MajorCriterion.objects.visible_to(user).in_force(day).values_list("area", flat=True):
        counts[area] += 1
    return counts


def group_words(row):
    """How an item counts: by itself, or so many of its group."""
    if row.mode == Mode.DIRECT:
        return _("Direct: this one is enough")
    return combined_words(row.at_least, row.group)


def combined_words(at_least, group):
    """The rule of a combined group."""
    return _("Combined: at least %(n)d of “%(group)s”") % {"n": at_least, "group": group}


def answer_lines(judgement):
    """The frozen answers ready to show: [{number, text, source, how, word, kind, facts, is_verified}]."""
    return [
        {
            "number": row["item_no"], "text": row["text"], "source": row["source"], "facts": row["facts"],
            "is_verified": row["is_verified"], "area": Area(row["area"]).label,
            "how": combined_words(row["at_least"], row["group"]) if row["mode"] == Mode.COMBINED else "",
            "word": Answer(row["answer"]).label,
            "kind": {Answer.MET: "late", Answer.MISSING: "warn"}.get(row["answer"], "wait"),
        }
        for row in judgement.answers
    ]  # fmt: skip


def flag_tags(row):
    """The labels of a row's flags; a late downgrade says how many workdays were left."""
    found = []
    for flag in row.flags:
        text = str(Flag(flag).label)
        if flag == Flag.LATE_DOWNGRADE:
            text = late_words(row.workdays_left)
        found.append(text)
    return found


def late_words(left):
    """How near the deadline a downgrade came."""
    if left < 0:
        return _("Downgraded %(n)d workdays after the deadline") % {"n": -left}
    return _("Downgraded %(n)d workdays before the deadline") % {"n": left}


def box_of(hazard, user, now):
    """The judgement's box on a hazard's page, for hazards that are, were or may be major (one query)."""
    is_concerned = Grade.MAJOR in {hazard.grade, hazard.proposed_grade} or getattr(hazard, "plan", None)
    if not is_concerned:
        return []
    rows = list(hazard.judgements.select_related("judged_by").order_by("-pk")[:5])
    may_judge = bool(user.roles_at(hazard.school) & BUREAU_ROLES) and hazard.is_open
    if not rows and not may_judge:
        return []
    part = {
        "lines": [{"row": row, "tags": flag_tags(row)} for row in rows],
        "url": reverse("supervision:judge", args=[hazard.number]) if may_judge else "",
    }  # fmt: skip
    return [("supervision/judging/_judgements.html", part)]


def grading_page(hazard, grade):
    """The page where a major grade is decided; "" for what is graded in one step."""
    is_major = Grade.MAJOR in {grade, hazard.grade}
    return reverse("supervision:judge", args=[hazard.number]) if is_major else ""


def to_look_over(user):
    """Late downgrades that wait for a leader's look and were not made by this person."""
    return Judgement.objects.visible_to(user).to_look_over().exclude(judged_by=user)


def _place(row):
    parts = [(int(part), "") if part.isdigit() else (0, part) for part in re.findall(r"\d+|\D+", row.item_no)]
    return ORDER.index(row.area), row.mode != Mode.DIRECT, row.group, parts
