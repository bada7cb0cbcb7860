"""How the figures of what stands open are shown: each number with the address of its list."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from schoolsafety.core import charts

from .standing import step_of


def ages_of(ages, within):
    """[{label, n, url}] of `standing.backlog_ages`; `within` goes into each address."""
    ledger, rows = reverse("hazards:list"), []
    for name, since, until, n in ages:
        query = {"status": "open", "found_to": until} | ({"found_from": since} if since else {}) | within
        rows.append({"label": _age_word(name), "n": n, "url": f"{ledger}?{urlencode(query)}"})
    return rows


def age_chart(ages):
    """The bar of `standing.backlog_ages` for charts/stack.html."""
    return charts.stack(
        [(_age_word(name), n) for name, _since, _until, n in ages], title=_("Age of the open hazards"),
        desc=_("Days since they were found, in four steps"), value_label=_("Number of hazards"),
    )  # fmt: skip


def heat_of(heat, base):
    """`standing.heat_table` with addresses, colour steps and the worst category of each row.

    `base`: what each address asks for beside place and category.
    """
    ledger, names = reverse("hazards:list"), dict(heat["columns"])
    for row in heat["rows"]:
        place = base | {"within": row["id"]}
        code, most = max(row["cells"], key=lambda cell: cell[1])
        row["worst"] = f"{names[code]} {most}"
        row["url"] = f"{ledger}?{urlencode(place)}"
        row["cells"] = [
            {"n": n, "step": step_of(n), "url": f"{ledger}?{urlencode(place | {'category': code})}"}
            for code, n in row["cells"]
        ]
    return heat


def _age_word(name):
    words = {
        "0-3": _("up to 3 days"),
        "4-7": _("4 to 7 days"),
        "8-15": _("8 to 15 days"),
        "16+": _("over 15 days"),
    }
    return words[name]
