"""What the overview shows: every number with the address of the list that it counts."""

from datetime import timedelta
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from schoolsafety.core import charts

from .figures.overview import step_of
from .figures.period import next_month
from .figures.rollup import rate
from .presentation import rate_of


def overview_page(unit, figures, today, month):
    """The context of the overview: every number with the address of its list."""
    ledger, within = reverse("hazards:list"), {"within": unit.pk}
    return {
        "headline": _headline(figures), "numbers": _numbers(figures, ledger, within), "today": today,
        "walked": figures["walked"], "week": figures["weekly"],
        "ages": _ages(figures["ages"], ledger, within), "age_chart": _age_chart(figures["ages"]),
        "line": _rate_line(figures["series"]), "this_month": _this_month(figures["series"]),
        "heat": _heat(figures["heat"], ledger, month), "month": month, "bulletin": figures["bulletin"],
        "majors": [(hazard, hazard.days_late(today), (hazard.due_on - today).days if hazard.due_on else None)
                   for hazard in figures["majors"]],
        "majors_left_out": figures["major"] - len(figures["majors"]),
    }  # fmt: skip


def _numbers(figures, ledger, within):
    """The four numbers with their denominators."""
    walked, week = figures["walked"], figures["weekly"] or {"signed": 0, "due": 0, "monday": ""}
    major = {"status": "open", "grade": "major"} | within
    reports = reverse("reports:weekly_list")
    return [
        _number(_("schools walked today"), walked["done"], walked["due"], reverse("inspections:day")),
        _number(
            _("overdue of all open hazards"), figures["overdue"], figures["open"],
            f"{ledger}?{urlencode({'queue': 'overdue'} | within)}",
        ),
        _number(
            _("major hazards with all implementations"), figures["complete"], figures["major"],
            f"{ledger}?{urlencode(major)}",
        ),
        _number(
            _("weekly reports sent up"), week["signed"], week["due"],
            f"{reports}?week={week['monday']}" if week["monday"] else reports,
        ),
    ]  # fmt: skip


def _number(label, n, total, url):
    return {"label": label, "n": n, "total": total, "url": url}


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
