"""What the pages show of chasing, pauses and escalation: rows, tabs, facts. Reads only."""

from datetime import timedelta

from django.db.models import Count, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from hazards import presentation
from hazards.models import Hazard
from schoolsafety.core.audit import history_of
from schoolsafety.core.files import attachments_of
from schoolsafety.core.history import lines_of
from schoolsafety.core.models import Attachment

from .models import Chase, Escalation, Pause
from .workflow.chasing import EscalationStatus, Level, PauseStatus, Way

NEWEST = Chase.objects.filter(hazard=OuterRef("pk")).order_by("-at", "-pk")
# ageing group -> (name, from how many days late, to how many)
AGES = {
    "new": (gettext_lazy("1 to 5 days"), 1, 5),
    "weeks": (gettext_lazy("6 to 15 days"), 6, 15),
    "month": (gettext_lazy("16 to 30 days"), 16, 30),
    "old": (gettext_lazy("over 30 days"), 31, None),
}
KINDS = {
    PauseStatus.ASKED: "todo", PauseStatus.RUNNING: "wait", PauseStatus.OVER: "done",
    PauseStatus.REFUSED: "warn", PauseStatus.LAPSED: "wait",
}  # fmt: skip
ESCALATION_KINDS = {
    EscalationStatus.OPEN: "todo", EscalationStatus.TAKEN: "done", EscalationStatus.DISMISSED: "wait",
    EscalationStatus.LAPSED: "wait",
}  # fmt: skip


def overdue_of(user, today):
    """The overdue hazards that this person sees, each with its newest chase and how many there were."""
    return (
        Hazard.objects.visible_to(user)
        .overdue(today)
        .annotate(
            last_at=Subquery(NEWEST.values("at")[:1]),
            last_way=Subquery(NEWEST.values("way")[:1]),
            last_by=Subquery(NEWEST.values("by__name")[:1]),
            n_chases=Count("chases"),
        )
        .select_related("school")
    )


def conditions(today):
    """{group: Q} of the tabs; the empty name is all."""
    found = {"": Q()}
    for name, (_label, first, last) in AGES.items():
        found[name] = Q(due_on__lte=today - timedelta(days=first))
        if last:
            found[name] &= Q(due_on__gte=today - timedelta(days=last))
    return found | {"unchased": Q(chases=None)}


def tabs_of(rows, age, today, query):
    """The tabs with their counts (one query); `query` is what else the address keeps."""
    labels = {"": _("All"), **{name: parts[0] for name, parts in AGES.items()}}
    labels["unchased"] = _("never chased")
    wanted = {
        f"n_{name}": Count("pk", filter=each, distinct=True) for name, each in conditions(today).items()
    }
    counts = rows.order_by().aggregate(**wanted)
    return [
        {"url": f"?{query}{'&' if query else ''}age={name}", "label": labels[name],
         "count": counts[f"n_{name}"], "is_current": name == age}
        for name in labels
    ]  # fmt: skip


def row_of(hazard, chosen, today):
    """One line of the list of overdue hazards."""
    way = hazard.last_way and str(SHORT[Way(hazard.last_way)])
    return {
        "number": hazard.number, "url": hazard.get_absolute_url(), "title": hazard.title,
        "place": hazard.place, "school": hazard.school.label, "due_on": hazard.due_on,
        "late": ngettext("%(n)d day late", "%(n)d days late", days) % {"n": days}
        if (days := hazard.days_late(today)) else "",
        "grade_level": "1" if hazard.effective_grade == "major" else "3",
        "grade_text": presentation.grade_text(hazard.grade, hazard.proposed_grade),
        "last_at": hazard.last_at, "last": " · ".join(part for part in (way, hazard.last_by) if part),
        "times": hazard.n_chases, "is_chosen": hazard.number in chosen,
    }  # fmt: skip


SHORT = {
    Way.APP: gettext_lazy("in this system"), Way.WECOM: gettext_lazy("WeCom"),
    Way.DINGTALK: gettext_lazy("DingTalk"), Way.SMS: gettext_lazy("SMS"),
    Way.EMAIL: gettext_lazy("E-mail"), Way.TELEPHONE: gettext_lazy("telephone"),
    Way.PAPER: gettext_lazy("on paper or on site"),
}  # fmt: skip


def pauses_of(hazard, user):
    """The pauses of one hazard, newest first, ready for a list."""
    return [
        {
            "url": pause.get_absolute_url(), "text": str(pause), "kind": KINDS[PauseStatus(pause.status)],
            "state": pause.get_status_display(), "reason": pause.reason,
        }
        for pause in Pause.objects.visible_to(user).filter(hazard=hazard)
    ]  # fmt: skip


def pause_of(pause):
    """The context of a pause's page: what was asked, decided, moved; its proofs; its history."""
    attached = list(attachments_of(pause))
    moved = (pause.old_due_on, pause.new_due_on)
    return {
        "pause": pause, "kind": KINDS[PauseStatus(pause.status)], "hazard": pause.hazard,
        "facts": [
            (_("School"), pause.school.name),
            (_("Paused"), _("%(first)s to %(last)s") % {"first": pause.starts_on, "last": pause.ends_on}),
            (_("Reason"), pause.reason),
            (_("Workdays that did not count"), str(pause.days) if pause.days is not None else ""),
            (_("Deadline before the pause"), f"{moved[0]:%Y-%m-%d}" if moved[0] else ""),
            (_("Deadline after the pause"), f"{moved[1]:%Y-%m-%d}" if moved[1] else ""),
            (_("Asked"), _who(pause.asked_by, pause.asked_at)),
            (_("Decided"), _who(pause.decided_by, pause.decided_at)), (_("Answer"), pause.answer),
            (_("Ended"), _who(pause.ended_by, pause.ended_at)), (_("Remark"), pause.end_note),
        ],
        "documents": [file for file in attached if file.kind != Attachment.Kind.PHOTO],
        "photos": [file for file in attached if file.kind == Attachment.Kind.PHOTO],
        "lines": lines_of(history_of(pause)),
    }  # fmt: skip


def escalation_facts(row):
    """(label, value) pairs of an escalation: what it is about and what was decided."""
    return [
        (_("School"), row.school.name), (_("Who is asked"), row.organisation.name),
        (_("Level that is asked"), row.get_level_display()), (_("Deadline"), f"{row.due_on:%Y-%m-%d}"),
        (_("Workdays late when proposed"), str(row.days_late)), (_("Chased"), _times(row.chases)),
        (_("Proposed"), f"{timezone.localtime(row.made_at):%Y-%m-%d %H:%M}"),
        (_("Decided"), _who(row.decided_by, row.decided_at)), (_("Instruction or reason"), row.note),
    ]  # fmt: skip


def escalations_for(user, *, is_open):
    """The escalations that this person sees, those to decide or all."""
    rows = Escalation.objects.visible_to(user).select_related("hazard", "school", "organisation")
    return rows.filter(status=EscalationStatus.OPEN) if is_open else rows


def chases_of(hazard, user):
    """The chases of a hazard as lines, newest first."""
    rows = Chase.objects.visible_to(user).filter(hazard=hazard).select_related("by")
    return [
        (f"{timezone.localtime(row.at):%Y-%m-%d %H:%M}", f"{SHORT[Way(row.way)]} · {row.by}",
         row.note or row.text)
        for row in rows[:20]
    ]  # fmt: skip


def level_label(level):
    return Level(level).label


def _times(count):
    return ngettext("%(n)d time", "%(n)d times", count) % {"n": count}


def _who(person, at):
    return f"{person or ''} · {timezone.localtime(at):%Y-%m-%d %H:%M}".lstrip(" ·") if at else ""
