"""What stands open: how old it is and where, by category. Pages and papers above share these figures."""

from datetime import timedelta

from django.db.models import Count, Q

from schoolsafety.core.models import Organisation

from .models import Category

# How long the backlog has been open, in days since it was found: (name, from, to).
AGES = [("0-3", 0, 3), ("4-7", 4, 7), ("8-15", 8, 15), ("16+", 16, None)]
ROWS_LISTED = 60
BREAKS = (0, 1, 2, 4, 6)  # fixed steps of the heat table, so that a colour means the same every month


def backlog_ages(hazards, on):
    """[[name, from day, to day, n]]: how long `hazards` have been open on `on`. One query.

    The days are dates of finding, so that each number can open its list.
    """
    spans = [(name, on - timedelta(days=last) if last is not None else None, on - timedelta(days=first))
             for name, first, last in AGES]  # fmt: skip
    numbers = hazards.order_by().aggregate(
        **{
            f"n{place}": Count(
                "pk", filter=Q(found_on__lte=until) & (Q(found_on__gte=since) if since else Q())
            )
            for place, (_name, since, until) in enumerate(spans)
        }
    )
    return [
        [name, str(since or ""), str(until), numbers[f"n{place}"]]
        for place, (name, since, until) in enumerate(spans)
    ]


def heat_table(hazards, organisation, on):
    """{columns: [(code, name)], rows: [{id, name, cells, total}], left_out}: units right below × categories.

    The units with most hazards come first; each cell is the number that its link shows.
    """
    columns = list(Category.objects.order_by("order", "code"))
    units = list(Organisation.objects.filter(parent=organisation).open_on(on).order_by("code"))
    units = units or [organisation]
    place_of = {unit.path: {} for unit in units}
    depth = units[0].path.count("/")
    grouped = hazards.order_by().values("school__path", "category_id").annotate(n=Count("pk"))
    for row in grouped:
        unit = "/".join(row["school__path"].split("/")[:depth]) + "/"
        cells = place_of.get(unit)
        if cells is not None:
            cells[row["category_id"]] = cells.get(row["category_id"], 0) + row["n"]
    used = [each for each in columns if any(each.code in cells for cells in place_of.values())]
    rows = [
        {"id": unit.pk, "name": unit.label, "total": sum(place_of[unit.path].values()),
         "cells": [(each.code, place_of[unit.path].get(each.code, 0)) for each in used]}
        for unit in units
    ]  # fmt: skip
    rows = sorted((row for row in rows if row["total"]), key=lambda row: -row["total"])
    return {
        "columns": [(each.code, each.name) for each in used],
        "rows": rows[:ROWS_LISTED],
        "left_out": max(0, len(rows) - ROWS_LISTED),
    }


def step_of(number):
    """0 to 5: the colour step of a cell by the fixed breaks 0, 1, 2, 3-4, 5-6, 7+."""
    return next((step for step, most in enumerate(BREAKS) if number <= most), len(BREAKS))
