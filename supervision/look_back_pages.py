"""What the pages show of look-backs: rows, tabs, one look, the relapse rate, a draw. Reads only."""

from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hazards.workflow import Grade, Status
from schoolsafety.core import files
from schoolsafety.core.audit import history_of
from schoolsafety.core.filtered import everything
from schoolsafety.core.history import lines_of
from schoolsafety.core.models import Organisation
from schoolsafety.core.spreadsheets import Column

from .models import LookBack
from .services import looking_back
from .workflow import lottery
from .workflow.looking_back import FINAL, WHO_DRAWS, LookBackStatus, Result, Why, wilson
from .workflow.lottery import DrawStatus, SeedKind

KINDS = {Result.HELD: "done", Result.PARTIAL: "warn", Result.REBOUND: "late"}
TABS = {
    "": Q(status=LookBackStatus.DUE),
    "done": Q(status=LookBackStatus.DONE),
    "rebound": Q(status=LookBackStatus.DONE, result=Result.REBOUND),
}


def looks_at(hazard, user):
    """The look-backs at one hazard that this person sees, newest first: one query a page, none for a hazard
    that was never closed."""
    if hazard.status != Status.CLOSED and not hazard.reopened_count:
        return []
    if not hasattr(hazard, "_look_backs"):
        rows = LookBack.objects.visible_to(user).filter(hazard=hazard).select_related("looked_by")
        rows = rows.exclude(status=LookBackStatus.CANCELLED)
        hazard._look_backs = list(rows.order_by("-created_at", "-pk"))
    return hazard._look_backs


def is_due(looks):
    """Is one of them still to come?"""
    return any(row.status == LookBackStatus.DUE for row in looks)


def box_of(looks, today):
    """The box on a hazard's page: [{url, kind, state, when, words, why}]."""
    return [row_of(row, today) | {"words": row.note, "who": str(row.looked_by or "")} for row in looks]


def row_of(row, today):
    """{url, kind, state, when, why, number, ...} of one look-back."""
    late = max((today - row.due_on).days, 0) if row.status == LookBackStatus.DUE else 0
    is_done = row.status == LookBackStatus.DONE
    return {
        "url": row.get_absolute_url(), "why": row.get_why_display(), "late": late,
        "kind": KINDS[Result(row.result)] if is_done else "late" if late else "todo",
        "state": row.get_result_display() if is_done else _("%(n)d days late") % {"n": late} if late
        else row.get_status_display(),
        "when": row.looked_on if is_done else row.due_on, "is_done": is_done,
        "cycle": row.cycle,
    }  # fmt: skip


def list_row(row, today):
    """One line of the list; `row` is loaded with hazard and school."""
    hazard = row.hazard
    return row_of(row, today) | {
        "title": hazard.title, "number": hazard.number, "school": row.school.label,
        "closed_on": row.closed_on, "due_on": row.due_on, "looked_on": row.looked_on,
        "grade_level": "1" if hazard.grade == Grade.MAJOR else "3", "grade": hazard.get_grade_display(),
    }  # fmt: skip


def workbook_of(rows):
    """(columns, rows) of the workbook of these look-backs; the rows stream."""
    heads = [
        Column(_("Hazard number"), 24), Column(_("Hazard"), 36), Column(_("School"), 30),
        Column(_("Bureau that looks back"), 24), Column(_("Close-out day"), 12, "date"),
        Column(_("Look back by"), 12, "date"), Column(_("Why"), 18), Column(_("State"), 12),
        Column(_("Looked back"), 18, "time"), Column(_("Person"), 12), Column(_("Result"), 12),
        Column(_("What the look-back saw"), 40), Column(_("Came back before"), 12, "number"),
    ]  # fmt: skip
    names = [
        "hazard__number", "hazard__title", "school__name", "organisation__name", "closed_on", "due_on", "why",
        "status", "looked_at", "looked_by__name", "result", "note", "cycle",
    ]  # fmt: skip
    flat = rows.order_by("due_on", "pk").values_list(*names).iterator()
    return heads, (_flat(row) for row in flat)


def _flat(row):
    *facts, why, status, looked_at, person, result, note, cycle = row
    words = [str(Why(why).label), str(LookBackStatus(status).label), looked_at, person or ""]
    return [*facts, *words, str(Result(result).label) if result else "", note, cycle]


def tabs_of(rows, current):
    """The tabs with their counts: one query."""
    words = {"": _("To look back at"), "done": _("Looked back at"), "rebound": _("Rebounded")}
    counts = rows.order_by().aggregate(
        **{f"n_{name}": Count("pk", filter=condition) for name, condition in TABS.items()}
    )
    address = reverse("supervision:look_backs")
    return [
        {
            "url": f"{address}?state={name}" if name else everything(address), "label": words[name],
            "count": counts[f"n_{name}"], "is_current": name == current,
        }
        for name in TABS
    ]  # fmt: skip


def detail_of(row, user, today):
    """The context of a look-back's page; `row` is loaded with hazard, school, people, draw."""
    refusal = looking_back.result_refusal(row, user)
    primary = None
    if refusal is None:
        primary = {"url": f"{row.get_absolute_url()}result/", "label": _("Record what was seen")}
    return {
        "row": row, "look": row_of(row, today), "photos": list(files.attachments_of(row)),
        "facts": _facts(row), "lines": lines_of(history_of(row)),
        "before": files.photos_for([row.hazard], "after")[row.hazard_id],
        "next": {"sentence": _sentence(row, refusal), "primary": primary, "others": []},
    }  # fmt: skip


def _facts(row):
    hazard = row.hazard
    done = row.looked_at and f"{timezone.localtime(row.looked_at):%Y-%m-%d %H:%M} · {row.looked_by}"
    return [
        (_("School"), row.school.name), (_("Place"), hazard.place),
        (_("Bureau that looks back"), row.organisation.name),
        (_("Close-out day"), f"{row.closed_on:%Y-%m-%d}"), (_("What was done"), hazard.measure),
        (_("Why it is looked at"), row.get_why_display()), (_("Look back by"), f"{row.due_on:%Y-%m-%d}"),
        (_("Came back before"), str(row.cycle) if row.cycle else ""), (_("Looked back"), done),
    ]  # fmt: skip


def _sentence(row, refusal):
    if row.status == LookBackStatus.DUE:
        return refusal or _("Go and see whether it held; photos and words go with the result.")
    if row.result == Result.REBOUND:
        return _("It came back: the hazard was reopened and counts as a relapse.")
    return _("Nothing more to do.")


# The relapse rate.


def relapse_of(rows):
    """{total, parts: [{title, rows}]} of the look-backs done in `rows`: four queries."""
    done = rows.filter(status=LookBackStatus.DONE).order_by()
    parts = [
        (_("By bureau"), "organisation__name", None),
        (_("By category"), "hazard__category__name", None),
        (_("By grade"), "hazard__grade", dict(Grade.choices)),
        (_("By how it was chosen"), "why", dict(Why.choices)),
    ]
    return {
        "total": _rate(_("All"), **done.aggregate(**COUNTS)),
        "parts": [{"title": title, "rows": _grouped(done, field, words)} for title, field, words in parts],
    }


COUNTS = {
    "final": Count("pk", filter=Q(result__in=FINAL)),
    "rebound": Count("pk", filter=Q(result=Result.REBOUND)),
    "partial": Count("pk", filter=Q(result=Result.PARTIAL)),
}


def _grouped(done, field, words):
    found = done.values(key=F(field)).annotate(**COUNTS)
    rows = [
        _rate(words.get(row["key"], row["key"]) if words else row["key"], row["final"], row["rebound"],
              row["partial"])
        for row in found
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (-row["final"], str(row["label"])))


def _rate(label, final, rebound, partial):
    """A line of the table; the rate stays blank where nothing was looked at."""
    interval = wilson(rebound, final)
    return {
        "label": label, "final": final, "rebound": rebound, "partial": partial,
        "rate": f"{rebound / final:.1%}" if final else "",
        "interval": f"{interval[0]:.1%} – {interval[1]:.1%}" if interval else "",
    }  # fmt: skip


# The lottery.


def places_to_draw(user):
    """The bureaus at which this person may hold a draw."""
    paths = {path for path, role in user.posts if role in WHO_DRAWS}
    return Organisation.objects.visible_to(user).bureaus().filter(path__in=paths)


def draw_detail(draw, user):
    """The context of a draw's page; `draw` is loaded with its organisation and people."""
    looks = {
        row.hazard.number: row
        for row in LookBack.objects.visible_to(user).filter(draw=draw).select_related("hazard")
    }
    today = timezone.localdate(draw.frozen_at)
    picks = [
        {"place": place, "number": number, "ticket": ticket, "look": _picked(looks.get(number), today)}
        for place, (number, ticket) in enumerate(draw.picks, start=1)
    ]
    may_act = draw.status == DrawStatus.FROZEN and bool(user.roles_at(draw.organisation) & WHO_DRAWS)
    return {
        "draw": draw, "facts": _draw_facts(draw), "proof": _proof(draw), "picks": picks, "may_act": may_act,
        "lines": lines_of(history_of(draw)), "is_public": draw.seed_kind == SeedKind.PUBLIC,
        "formula": formula_words(draw.formula), "is_drawn": draw.status == DrawStatus.DRAWN,
    }  # fmt: skip


def _picked(row, today):
    return row_of(row, max(today, row.due_on)) if row else None


def _draw_facts(draw):
    return [
        (_("Bureau that draws"), draw.organisation.name),
        (_("Close-out day"), f"{draw.closed_from:%Y-%m-%d} – {draw.closed_to:%Y-%m-%d}"),
        (_("Grade"), draw.get_grade_display()), (_("Category"), str(draw.category or "")),
        (_("Cases in the population"), str(draw.population_size)),
        (_("How many are drawn"), str(draw.size)), (_("Look back by"), f"{draw.due_on:%Y-%m-%d}"),
        (_("Frozen"), f"{timezone.localtime(draw.frozen_at):%Y-%m-%d %H:%M} · {draw.frozen_by}"),
        (_("Drawn"), draw.drawn_at
         and f"{timezone.localtime(draw.drawn_at):%Y-%m-%d %H:%M} · {draw.drawn_by}"),
        (_("Reason"), draw.note),
    ]  # fmt: skip


def _proof(draw):
    """What was bound before the draw, and what the draw revealed. A sealed seed shows only once drawn."""
    return [
        (_("SHA-256 of the population"), draw.population_hash),
        (_("SHA-256 of the seed, shown before the draw"), draw.seed_hash),
        (_("Public source, named before the draw"), draw.seed_origin),
        (_("Seed"), draw.seed if draw.status == DrawStatus.DRAWN else ""),
    ]


def formula_words(formula):
    """The weights as sentences."""
    grade, money = formula["grade"], formula["money"]
    more = [("rebound", _("each time it came back")), ("sent_back", _("each time it was sent back"))]
    return [
        _("Major: %(a)d tickets; general: %(b)d.") % {"a": grade["major"], "b": grade["general"]},
        _("One more for every %(yuan)s yuan spent, %(most)d at most.")
        % {"yuan": f"{money['yuan_a_point']:,}", "most": money["most"]},
        *[
            _("%(n)d more %(what)s, %(most)d at most.")
            % {"n": formula[name]["points"], "what": what, "most": formula[name]["most"]}
            for name, what in more
        ],
    ]


def population_bytes(draw):
    """The frozen population, byte for byte what its SHA-256 was taken of."""
    return draw.population.encode()


def recomputed(draw):
    """Does drawing again from the frozen population and the seed give the same picks?"""
    lines = lottery.from_csv(draw.population)
    again = lottery.drawn([(line["number"], int(line["weight"])) for line in lines], draw.seed, draw.size)
    return [list(pick) for pick in again] == draw.picks
