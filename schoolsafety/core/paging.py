"""Key-set paging on (instant, id): page 10,000 costs what page 1 costs."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.http import Http404

PAGE_SIZE = 50


@dataclass(frozen=True)
class Page:
    """Rows of one page (dicts), and the addresses of the newer and the older one (None at the ends)."""

    rows: list
    newer: str | None
    older: str | None


def page_of(queryset, request, *, field="found_at", columns, size=PAGE_SIZE):
    """One page of `queryset` as dicts of `columns`, newest first, by `?before=` or `?after=` cursors.

    A cursor is "<ISO instant>~<id>". 404 for a cursor that is not one. One query.
    """
    before, after = request.GET.get("before"), request.GET.get("after")
    order = (field, "pk") if after else (f"-{field}", "-pk")
    rows = queryset.order_by(*order)
    if before or after:
        at, pk = _read(before or after)
        side = "gt" if after else "lt"
        rows = rows.filter(Q(**{f"{field}__{side}": at}) | Q(**{field: at, f"pk__{side}": pk}))
    found = list(rows.values("pk", field, *columns)[: size + 1])
    has_more, found = len(found) > size, found[:size]
    if after:
        found.reverse()
    has_newer = has_more if after else bool(before)
    has_older = True if after else has_more
    return Page(
        rows=found,
        newer=_address(request, "after", found[0], field) if found and has_newer else None,
        older=_address(request, "before", found[-1], field) if found and has_older else None,
    )


def page_along(queryset, request, *, fields, size=PAGE_SIZE):
    """One page of `queryset` as model rows in ascending order of `fields`, the last of them unique.

    For lists that read like a directory. A cursor is the fields' values joined by "~"; all values
    are compared as text or number by the database. 404 for a cursor that is not one. One query.
    """
    after, before = request.GET.get("after"), request.GET.get("before")
    rows = queryset.order_by(*(f"-{name}" if before else name for name in fields))
    try:
        if after or before:
            values = _values(after or before, len(fields))
            rows = rows.filter(_beyond(fields, values, "lt" if before else "gt"))
        found = list(rows[: size + 1])
    except (ValueError, OverflowError) as error:
        raise Http404 from error
    has_more, found = len(found) > size, found[:size]
    if before:
        found.reverse()
    return Page(
        rows=found,
        newer=_place(request, "before", found[0], fields)
        if found and (has_more if before else after)
        else None,
        older=_place(request, "after", found[-1], fields) if found and (before or has_more) else None,
    )


def _beyond(fields, values, side):
    """Rows that lie beyond `values` in the order of `fields`."""
    condition, equal = Q(), {}
    for name, value in zip(fields, values, strict=True):
        condition |= Q(**equal, **{f"{name}__{side}": value})
        equal[name] = value
    return condition


def _values(cursor, count):
    values = cursor.split("~")
    if len(values) != count or "\x00" in cursor:
        raise Http404
    return values


def _place(request, name, row, fields):
    query = request.GET.copy()
    query.pop("before", None)
    query.pop("after", None)
    values = []
    for field in fields:
        value = row
        for part in field.split("__"):
            value = getattr(value, part)
        values.append(str(value))
    query[name] = "~".join(values)
    return f"?{query.urlencode()}"


def whole_number(text):
    """A positive int from an address or a form; 404 for anything else."""
    if not str(text).isdecimal() or len(str(text)) > 18:
        raise Http404
    return int(text)


def _read(cursor):
    at, _tilde, pk = cursor.partition("~")
    try:
        return datetime.fromisoformat(at), int(pk)
    except ValueError as error:
        raise Http404 from error


def _address(request, name, row, field):
    query = request.GET.copy()
    query.pop("before", None)
    query.pop("after", None)
    query[name] = f"{row[field].isoformat()}~{row['pk']}"
    return f"?{query.urlencode()}"
