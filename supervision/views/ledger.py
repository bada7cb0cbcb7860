"""The bureau's ledger: four tabs of what was found, what is major, what was imposed; one workbook of all."""

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hazards import presentation, queries
from schoolsafety.core.filtered import filtered
from schoolsafety.core.models import Organisation
from schoolsafety.core.paging import page_of
from schoolsafety.core.roles import BUREAU_ROLES, Role
from schoolsafety.core.spreadsheets import Sheet, sheets_response

from .. import ledger_rows as parts
from ..forms.ledger import BureauLedgerFilter
from ..workflow.measure_kinds import Kind, Sanction
from ..workflow.measures import Status

MEASURE_COLUMNS = [
    "number", "kind", "status", "sanction", "amount", "person_name", "issued_at", "until", "school__name",
    "school__short_name",
]  # fmt: skip


@filtered("supervision:ledger", BureauLedgerFilter, also=["part"])
def ledger(request):
    """For people of a bureau and auditors; 404 for everybody else."""
    if not {role for _path, role in request.user.posts} & (BUREAU_ROLES | {Role.AUDITOR}):
        raise Http404
    form = BureauLedgerFilter(request.GET, Organisation.objects.visible_to(request.user))
    chosen = {name: _fitting(name, form, request.user) for name in parts.PARTS}
    today = timezone.localdate()
    if request.GET.get("export"):
        sheets = [
            Sheet(label, parts.COLUMNS[name], parts.cells_of(name, chosen[name]))
            for name, label in parts.PARTS.items()
        ]
        return sheets_response(f"{_('Bureau ledger')}-{today}", sheets)
    part = request.GET.get("part", "self")
    part = part if part in parts.PARTS else "self"
    query = request.GET.copy()
    for name in ("before", "after", "part"):
        query.pop(name, None)
    context = _page(request, part, chosen[part], today) | {
        "form": form, "part": part, "title": parts.PARTS[part], "query": query.urlencode(),
        "tabs": _tabs(chosen, part, query), "is_filtered": any(query.values()),
        "reset": f"{reverse('supervision:ledger')}?part={part}",
    }  # fmt: skip
    return render(request, "supervision/ledger/ledger.html", context)


def _fitting(part, form, user):
    rows = parts.rows_of_part(part, user)
    return form.apply_to_measures(rows) if part == "penalty" else form.apply(rows)


def _tabs(chosen, part, query):
    """The four tabs with their counts: four queries."""
    rest, tabs = query.urlencode(), []
    for name, label in parts.PARTS.items():
        number, is_more = queries.capped_count(chosen[name])
        tabs.append({
            "url": f"?part={name}" + (f"&{rest}" if rest else ""), "label": label,
            "count": f"{number}+" if is_more else number, "is_current": name == part,
        })  # fmt: skip
    return tabs


def _page(request, part, rows, today):
    """The rows of one page as they are shown."""
    if part != "penalty":
        page = page_of(rows, request, columns=queries.LEDGER_COLUMNS)
        return {"page": page, "rows": presentation.rows_of(page.rows, request.user, today)}
    page = page_of(rows, request, field="issued_at", columns=MEASURE_COLUMNS)
    kinds, sanctions, states = dict(Kind.choices), dict(Sanction.choices), dict(Status.choices)
    for row in page.rows:
        row |= {
            "kind_text": kinds[row["kind"]], "sanction_text": sanctions.get(row["sanction"], ""),
            "state": states[row["status"]],
        }  # fmt: skip
    return {"page": page, "rows": page.rows}
