"""What the pages of reports show: rows, words and addresses from frozen figures."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hazards.models import Category
from hazards.workflow import Closure, Grade, Slot, Source, Status

from .figures.rollup import HAZARD, both, rate
from .papers.bulletin import charts_of
from .papers.prose import HEADINGS, SECTIONS
from .workflow import BulletinAction, BulletinStatus, WeeklyAction, WeeklyStatus

COLUMNS = {
    "carried": gettext_lazy("Carried over"), "new": gettext_lazy("New"), "closed": gettext_lazy("Closed"),
    "open": gettext_lazy("Open at the end"), "overdue": gettext_lazy("Overdue"),
    "due": gettext_lazy("Fell due"), "on_time": gettext_lazy("Done in time"),
}  # fmt: skip
PATROL = {
    "due": gettext_lazy("Patrol days due"), "done": gettext_lazy("Days walked"),
    "missed": gettext_lazy("Days missed"), "items": gettext_lazy("Items checked"),
    "each": gettext_lazy("Answered one by one"), "bulk": gettext_lazy("Answered by zone"),
    "problems": gettext_lazy("Problems"),
}  # fmt: skip
LISTS = {
    "new": gettext_lazy("New this week"), "open": gettext_lazy("Open at the end of the week"),
    "closed": gettext_lazy("Closed this week"),
}  # fmt: skip
KINDS = {
    WeeklyStatus.DRAFT: "todo", WeeklyStatus.SUBMITTED: "wait", WeeklyStatus.SIGNED: "wait",
    WeeklyStatus.RECEIVED: "done",
    BulletinStatus.REVIEW: "wait", BulletinStatus.APPROVED: "wait", BulletinStatus.ISSUED: "done",
}  # fmt: skip
# The one press that moves a report on, in the order in which it is offered.
WEEKLY_MAIN = [WeeklyAction.SIGN, WeeklyAction.RECEIVE, WeeklyAction.SUBMIT, WeeklyAction.CHASE]
BULLETIN_MAIN = [BulletinAction.APPROVE, BulletinAction.ISSUE, BulletinAction.SUBMIT]


def weekly_rows(reports, now):
    """One dict a report for the lists."""
    return [weekly_row(report, now) for report in reports]


def weekly_row(report, now):
    counts = report.figures["counts"]
    is_missing = report.signed_at is None and report.due_at < now
    return {
        "report": report, "url": report.get_absolute_url(), "unit": report.organisation.label,
        "code": report.organisation.code, "label": report.label,
        "status": _("Not sent up") if is_missing else report.get_status_display(),
        "kind": "late" if is_missing else KINDS[report.status], "is_missing": is_missing,
        "is_late": report.is_late, "is_nil": report.is_nil, "due_at": report.due_at,
        "signed_at": report.signed_at,
        "patrol": f"{counts['patrol']['done']}/{counts['patrol']['due']}",
        "numbers": {name: both(counts, name) for name in ("new", "closed", "open", "overdue")},
        "major": counts["major"]["open"],
    }  # fmt: skip


def weekly_page(report, actions, now):
    """The context of one report's page."""
    figures, counts = report.figures, report.figures["counts"]
    names = dict(Category.objects.values_list("code", "name"))
    main = next((action for action in WEEKLY_MAIN if action in actions), None)
    can_nil = WeeklyAction.NIL in actions and not both(counts, "new") and not both(counts, "open")
    hidden = {WeeklyAction.WRITE, main} | (set() if can_nil else {WeeklyAction.NIL})
    return {
        "report": report, "row": weekly_row(report, now), "period": figures["period"],
        "hazards": hazard_table(counts), "rate": rate_of(both(counts, "on_time"), both(counts, "due")),
        "patrol": [(label, counts["patrol"][name]) for name, label in PATROL.items()],
        "complete": (counts["major"]["complete"], counts["major"]["open"]),
        "kinds": kinds_of(counts, names), "closures": labels_of(counts["closures"], Closure),
        "sources": labels_of(counts["sources"], Source), "days": figures.get("days", []),
        "lists": _lists(figures), "majors": [_major(row) for row in figures["majors"]],
        "children": [_child(child) for child in figures.get("children", [])], "sent": figures.get("reports"),
        "main": _action(report, main, "weekly") if main else None,
        "others": [_action(report, action, "weekly") for action in actions if action not in hidden],
    }  # fmt: skip


def bulletin_page(bulletin, actions):
    """The context of one bulletin's page: sections with their exhibits, charts with their tables."""
    figures, counts = bulletin.figures, bulletin.figures["counts"]
    main = next((action for action in BULLETIN_MAIN if action in actions), None)
    others = [action for action in actions if action not in {main, BulletinAction.WRITE}]
    return {
        "bulletin": bulletin, "figures": figures, "sections": sections_list(bulletin),
        "kind": KINDS[bulletin.status], "hazards": hazard_table(counts),
        "charts": [{"chart": chart, "caption": caption, "file": f"charts/{chart['form']}.html"}
                   for chart, caption in charts_of(figures)],
        "majors": [_major(row) for row in figures["majors"]], "overdue": figures["overdue"]["rows"],
        "rate": rate_of(both(counts, "on_time"), both(counts, "due")),
        "main": _action(bulletin, main, "bulletin") if main else None,
        "others": [_action(bulletin, action, "bulletin") for action in others],
        "may_write": BulletinAction.WRITE in actions,
    }  # fmt: skip


def sections_list(bulletin):
    """[{name, heading, lines}] in the order of the paper."""
    return [
        {"name": name, "heading": HEADINGS[name],
         "lines": [line for line in bulletin.sections.get(name, "").splitlines() if line.strip()]}
        for name in SECTIONS
    ]  # fmt: skip


def hazard_table(counts):
    """{head, rows: [(label, [numbers])]}: general, major, both."""
    rows = [(Grade(grade).label, [counts[grade][name] for name in HAZARD]) for grade in Grade.values]
    rows.append((_("Together"), [both(counts, name) for name in HAZARD]))
    return {"head": list(COLUMNS.values()), "rows": rows}


def rate_of(part, whole):
    """{part, whole, text}: the text is empty when nothing can be divided."""
    share = rate(part, whole)
    return {"part": part, "whole": whole, "text": "" if share is None else f"{share}%"}


def kinds_of(counts, names):
    """[(category, new, open)] with the most new ones first."""
    rows = [(names.get(code, code), row["new"], row["open"]) for code, row in counts["categories"].items()]
    return sorted(rows, key=lambda row: (-row[1], -row[2], row[0]))


def labels_of(numbers, choices):
    return [(choices(key).label, n) for key, n in sorted(numbers.items(), key=lambda each: -each[1])]


def _lists(figures):
    found = []
    for name, label in LISTS.items():
        rows = figures.get("lists", {}).get(name, [])
        if rows:
            found.append({"label": label, "rows": [_listed(row) for row in rows],
                          "left_out": figures["lists"]["left_out"][name]})  # fmt: skip
    return found


def _listed(row):
    closed = Closure(row["closure"]).label if row["closure"] else Status(row["status"]).label
    return row | {
        "url": reverse("hazards:detail", args=[row["number"]]), "state": closed,
        "grade_text": Grade(row["grade"]).label, "level": "1" if row["grade"] == Grade.MAJOR else "3",
    }  # fmt: skip


def _major(row):
    return row | {
        "url": reverse("hazards:detail", args=[row["number"]]), "state": Status(row["status"]).label,
        "missing_text": _(", ").join(str(Slot(slot).label) for slot in row["missing"]),
    }  # fmt: skip


def _child(child):
    counts = child["counts"]
    return {
        "name": child["name"], "patrol": f"{counts['patrol']['done']}/{counts['patrol']['due']}",
        "numbers": [both(counts, name) for name in ("carried", "new", "closed", "open", "overdue")],
        "major": counts["major"]["open"],
    }  # fmt: skip


def _action(case, action, kind):
    return {
        "action": action,
        "label": action.label,
        "url": reverse(f"reports:{kind}_act", args=[case.pk, action]),
    }
