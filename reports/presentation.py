"""What the pages show: rows, words and addresses from reports and figures. No queries but the category names."""

from datetime import timedelta
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from hazards.models import Category
from hazards.workflow import Closure, Grade, Slot, Source, Status
from schoolsafety.core import charts

from .figures.overview import step_of
from .figures.period import next_month
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
    WeeklyStatus.DRAFT: "todo", WeeklyStatus.SUBMITTED: "wait", WeeklyStatus.SIGNED: "wait", WeeklyStatus.RECEIVED: "done",
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
        "code": report.organisation.code, "label": report.label, "status": report.get_status_display(),
        "kind": "late" if is_missing else KINDS[report.status], "is_missing": is_missing,
        "is_late": report.is_late, "is_nil": report.is_nil, "due_at": report.due_at, "signed_at": report.signed_at,
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
        "majors": [_major(row) for row in figures["majors"]], "overdue": [
            row | {"url": reverse("hazards:detail", args=[row["number"]])} for row in figures["overdue"]["rows"]
        ],
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


def overview_page(unit, figures, today, month):
    """The context of the overview: every number with the address of its list."""
    ledger, within = reverse("hazards:list"), {"within": unit.pk}
    week, walked = figures["weekly"], figures["walked"]
    numbers = [
        {"label": _("schools walked today"), "n": walked["done"], "total": walked["due"], "url": reverse("inspections:day")},
        {"label": _("overdue of all open hazards"), "n": figures["overdue"], "total": figures["open"],
         "url": f"{ledger}?{urlencode({'queue': 'overdue'} | within)}"},
        {"label": _("major hazards with all implementations"), "n": figures["complete"], "total": figures["major"],
         "url": f"{ledger}?{urlencode({'status': 'open', 'grade': 'major'} | within)}"},
        {"label": _("weekly reports sent up"), "n": week["signed"] if week else 0, "total": week["due"] if week else 0,
         "url": reverse("reports:weekly_list") + (f"?week={week['monday']}" if week else "")},
    ]  # fmt: skip
    return {
        "headline": _headline(figures), "numbers": numbers, "today": today, "walked": walked, "week": week,
        "ages": _ages(figures["ages"], ledger, within), "age_chart": _age_chart(figures["ages"]),
        "line": _rate_line(figures["series"]), "this_month": _this_month(figures["series"]),
        "heat": _heat(figures["heat"], ledger, month), "month": month, "bulletin": figures["bulletin"],
        "majors": [(hazard, hazard.days_late(today), (hazard.due_on - today).days if hazard.due_on else None)
                   for hazard in figures["majors"]],
        "majors_left_out": figures["major"] - len(figures["majors"]),
    }  # fmt: skip


def _headline(figures):
    if not figures["overdue"] and not figures["major"]:
        return _("Nothing is overdue, no major hazard is open")
    late = ngettext("%(n)d hazard is overdue", "%(n)d hazards are overdue", figures["overdue"])
    major = ngettext("%(n)d major hazard is open", "%(n)d major hazards are open", figures["major"])
    return _("%(late)s, %(major)s") % {
        "late": late % {"n": figures["overdue"]}, "major": major % {"n": figures["major"]},
    }  # fmt: skip


def _ages(ages, ledger, within):
    rows = []
    for name, since, until, n in ages:
        query = {"status": "open", "found_to": until} | ({"found_from": since} if since else {}) | within
        rows.append({"label": _age_word(name), "n": n, "url": f"{ledger}?{urlencode(query)}"})
    return rows


def _age_word(name):
    words = {
        "0-3": _("up to 3 days"),
        "4-7": _("4 to 7 days"),
        "8-15": _("8 to 15 days"),
        "16+": _("over 15 days"),
    }
    return words[name]


def _age_chart(ages):
    return charts.stack(
        [(_age_word(name), n) for name, _since, _until, n in ages], title=_("Age of the open hazards"),
        desc=_("Days since they were found, in four steps"), value_label=_("Number of hazards"),
    )  # fmt: skip


def _rate_line(series):
    """The twelve-month line of the on-time rate; None while no month has one."""
    rates = [rate(row["on_time"], row["due"]) if row["due"] else None for row in series]
    if not any(value is not None for value in rates):
        return None
    labels = [row["month"][2:7] for row in series]
    return charts.line(
        labels, {_("On time"): rates}, title=_("On-time rate by month"), unit="%",
        desc=_("Share of the hazards that fell due in the month and were handed in on time"),
    )  # fmt: skip


def _this_month(series):
    last = series[-1]
    return rate_of(last["on_time"] or 0, last["due"] or 0)


def _heat(heat, ledger, month):
    base = {"status": "open"}
    if month:
        base = {"found_from": str(month), "found_to": str(next_month(month) - timedelta(days=1))}
    for row in heat["rows"]:
        row["url"] = f"{ledger}?{urlencode(base | {'within': row['id']})}"
        row["cells"] = [
            {
                "n": n,
                "step": step_of(n),
                "url": f"{ledger}?{urlencode(base | {'within': row['id'], 'category': code})}",
            }
            for code, n in row["cells"]
        ]
    return heat


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
        "url": reverse("hazards:detail", args=[row["number"]]), "state": closed, "grade_text": Grade(row["grade"]).label,
        "level": "1" if row["grade"] == Grade.MAJOR else "3",
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
