"""What the overview shows: every number with the address of the list that it counts."""

from datetime import timedelta
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hazards import standing_pages
from schoolsafety.core import charts

from .figures.period import next_month
from .figures.rollup import rate
from .presentation import rate_of


def overview_page(unit, figures, today, month):
    """The context of the overview: every number with the address of its list."""
    ledger, within = reverse("hazards:list"), {"within": unit.pk}
    return {
        "headline": _headline(figures), "numbers": _numbers(figures, ledger, within), "today": today,
        "walked": figures["walked"], "week": figures["weekly"],
        "ages": standing_pages.ages_of(figures["ages"], within),
        "age_chart": standing_pages.age_chart(figures["ages"]),
        "line": _rate_line(figures["series"]), "this_month": _this_month(figures["series"]),
        "heat": standing_pages.heat_of(figures["heat"], _base(month)), "month": month,
        "bulletin": figures["bulletin"],
        "majors": [(hazard, hazard.days_late(today), (hazard.due_on - today).days if hazard.due_on else None)
                   for hazard in figures["majors"]],
        "majors_left_out": figures["major"] - len(figures["majors"]),
    }  # fmt: skip


def _numbers(figures, ledger, within):
    """The four numbers with their denominators; a fifth while hazards wait for money."""
    walked, week = figures["walked"], figures["weekly"] or {"signed": 0, "due": 0, "monday": ""}
    major = {"status": "open", "grade": "major"} | within
    reports = reverse("reports:weekly_list")
    funds = _number(
        _("waiting for funds, not counted as overdue"),
        figures["funds"],
        figures["open"],
        f"{ledger}?{urlencode({'queue': 'funds'} | within)}",
    )
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
        *([funds] if figures["funds"] else []),
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


def _base(month):
    """What the links of the heat table ask for: what is open, or what was found in the month."""
    if not month:
        return {"status": "open"}
    return {"found_from": str(month), "found_to": str(next_month(month) - timedelta(days=1))}
