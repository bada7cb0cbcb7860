"""What the district's day shows: the answer as a sentence, four numbers, queues, silent schools."""

from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from hazards import queries as cases
from hazards import standing_pages
from hazards.models import Hazard
from hazards.standing import backlog_ages, heat_table
from hazards.workflow import Grade
from schoolsafety.core.models import Organisation
from schoolsafety.core.roles import BUREAU_ROLES, Role
from schoolsafety.core.spreadsheets import Column

from . import listing_lists as lists
from . import silence as silences

READERS = BUREAU_ROLES | {Role.AUDITOR}
# What the bureau decides, in the order of the day.
DECISIONS = {
    "grade": gettext_lazy("Suspected major hazards to grade"),
    "verify": gettext_lazy("Rectifications to verify"),
    "accept": gettext_lazy("Plans to accept"),
    "close": gettext_lazy("Verified hazards to write off"),
    "extension": gettext_lazy("Extensions to decide"),
}


def units_of(user):
    """The topmost bureaus at which this person works or audits, the root first: one query."""
    seen = Organisation.objects.visible_to(user).filter(user.scope(roles=READERS)).bureaus()
    paths = {path for path, role in user.posts if role in READERS}
    tops = [path for path in paths if not any(path != one and path.startswith(one) for one in paths)]
    return list(seen.filter(path__in=tops).order_by("path"))


def day_page(user, unit, now, today):
    """The context of the page for `unit`: a fixed number of queries for any number of schools."""
    hazards = Hazard.objects.visible_to(user).filter(school__path__startswith=unit.path)
    standing = hazards.open()
    counts = _counts(standing, user, now)
    silence = silences.silence_below(unit, on=today)
    silence.rows = silences.with_details(silence.rows[: silences.LISTED])
    unlisted = lists.waiting(user).filter(school__path__startswith=unit.path).count()
    heat = heat_table(standing, unit, today)
    ages, within = backlog_ages(standing, today), {"within": unit.pk}
    return {
        "headline": _headline(counts, silence.number),
        "numbers": _numbers(counts, unlisted, silence, within),
        "decisions": _decisions(counts, within),
        "ages": standing_pages.ages_of(ages, within), "age_chart": standing_pages.age_chart(ages),
        "heat": standing_pages.heat_of(heat, {"status": "open"}),
        "silence": silence, "silent": [_silent(row, user) for row in silence.rows],
        "silent_left_out": silence.number - len(silence.rows),
    }  # fmt: skip


SILENT_COLUMNS = [
    Column(gettext_lazy("School"), 26), Column(gettext_lazy("Code"), 12), Column(gettext_lazy("Kind"), 16),
    Column(gettext_lazy("Pupils"), 10, "number"),
    Column(gettext_lazy("Findings per 1,000 pupil-days"), 16, "text"),
    Column(gettext_lazy("Rate taken from"), 24), Column(gettext_lazy("Findings to expect"), 12, "money"),
    Column(gettext_lazy("Chance of none (%)"), 12, "text"), Column(gettext_lazy("Last finding"), 12, "date"),
]  # fmt: skip


def silent_cells(silence):
    """The lines of the workbook of silent schools, all of them."""
    for row in silences.with_details(silence.rows):
        yield [
            row.school.name, row.school.code, str(row.school.get_kind_display()), row.school.pupils,
            f"{row.rate:.3f}", _base(row), row.expected, f"{row.chance * 100:.3f}", row.last_on,
        ]  # fmt: skip


def _counts(standing, user, now):
    """{open, late, decide, major, one a queue of DECISIONS}: one query."""
    queues = {name: cases.condition_of(name, user, now) for name in DECISIONS}
    wanted = Q()
    for condition in queues.values():
        wanted |= condition
    return standing.order_by().aggregate(
        open=Count("pk"), late=Count("pk", filter=cases.condition_of("overdue", user, now)),
        major=Count("pk", filter=Q(grade=Grade.MAJOR)), decide=Count("pk", filter=wanted),
        **{f"n_{name}": Count("pk", filter=condition) for name, condition in queues.items()},
    )  # fmt: skip


def _headline(counts, silent):
    parts = []
    if n := counts["late"]:
        parts.append(ngettext("%(n)d hazard is overdue", "%(n)d hazards are overdue", n) % {"n": n})
    if n := counts["decide"]:
        parts.append(ngettext("%(n)d waits for a decision", "%(n)d wait for a decision", n) % {"n": n})
    if n := silent:
        parts.append(ngettext("%(n)d school is silent", "%(n)d schools are silent", n) % {"n": n})
    if not parts:
        return _("Today nothing is overdue, nothing waits and no school is silent")
    return _("To watch today: %(what)s") % {"what": _(", ").join(parts)}


def _numbers(counts, unlisted, silence, within):
    ledger = reverse("hazards:list")
    return [
        {"label": _("overdue of all open hazards"), "n": counts["late"], "total": counts["open"],
         "url": f"{ledger}?{urlencode({'queue': 'overdue'} | within)}"},
        {"label": _("waiting for a decision, of all open hazards"), "n": counts["decide"],
         "total": counts["open"], "url": "#decide"},
        {"label": _("not listed, of all open major hazards"), "n": unlisted, "total": counts["major"],
         "url": reverse("supervision:listings_waiting")},
        {"label": _("silent, of all schools"), "n": silence.number, "total": silence.schools,
         "url": "#silent"},
    ]  # fmt: skip


def _decisions(counts, within):
    ledger = reverse("hazards:list")
    return [
        {"label": label, "n": counts[f"n_{name}"],
         "url": f"{ledger}?{urlencode({'queue': name} | within)}"}
        for name, label in DECISIONS.items()
    ]  # fmt: skip


def _silent(row, user):
    """A silent school with its figures and the way to a friendly visit."""
    return {
        "school": row.school, "kind": row.school.get_kind_display(), "base": _base(row),
        "rate": f"{row.rate:.3f}", "expected": f"{row.expected:.1f}", "chance": f"{row.chance * 100:.2g}",
        "last_on": row.last_on, "visit_pk": row.visit_pk if _works(user) else None,
        "plan": _plan(row) if _works(user) and not row.visit_pk else "",
    }  # fmt: skip


def _works(user):
    return bool({role for _path, role in user.posts} & BUREAU_ROLES)


def _plan(row):
    subject = _("Friendly visit: look together at what a daily patrol finds, and help with it")
    return f"{reverse('inspections:visit_new')}?{urlencode({'school': row.school.pk, 'subject': subject})}"


def _base(row):
    if row.is_of_kind:
        return _("%(kind)s of the district") % {"kind": row.school.get_kind_display()}
    return _("all schools of the district")
