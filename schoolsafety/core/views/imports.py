"""Workbooks in: choose a kind, upload, look at the preview, accept or discard."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from .. import imports, people
from ..forms import WorkbookForm
from ..models import ImportBatch, User
from ..spreadsheets import XLSX, Column, workbook_response

BAD_SHOWN, GOOD_SHOWN = 200, 50


def import_list(request):
    """The kinds of workbook, and what was brought in before."""
    kinds = [each for each in imports.IMPORTERS.values() if _roles(request.user) & each.roles]
    if not kinds:
        raise PermissionDenied(_("Your post does not bring in workbooks."))
    rows = ImportBatch.objects.visible_to(request.user).defer("rows", "result").select_related("uploaded_by")
    shown = [(row, imports.IMPORTERS[row.kind].label) for row in rows[:50] if row.kind in imports.IMPORTERS]
    return render(request, "core/imports.html", {"importers": kinds, "rows": shown})


def import_new(request, kind):
    """Upload a workbook; a preview follows."""
    importer, place = _importer(request.user, kind)
    bound = (request.POST, request.FILES) if request.method == "POST" else ()
    form = WorkbookForm(*bound)
    if form.is_valid():
        upload, now = form.cleaned_data["workbook"], timezone.now()
        try:
            batch = imports.preview(kind, upload, organisation=place, actor=request.user, now=now)
        except ValidationError as error:
            form.add_error("workbook", error)
        else:
            return redirect("core:import", batch.pk)
    context = {"form": form, "importer": importer, "place": place}
    return render(request, "core/import_new.html", context, status=400 if form.errors else 200)


def import_template(request, kind):
    """The workbook to fill in."""
    importer, _place = _importer(request.user, kind)
    return _download(imports.template(importer), f"{importer.label}.xlsx")


def import_batch(request, pk):
    """The preview: what is wrong stands beside its row; accept or discard."""
    batch = _batch(request, pk)
    if request.method == "POST":
        return _decide(request, batch)
    importer = imports.IMPORTERS[batch.kind]
    bad = [row for row in batch.rows if row["errors"]][:BAD_SHOWN]
    good = [row for row in batch.rows if not row["errors"]][:GOOD_SHOWN]
    shown = [_shown(row, importer) for row in [*bad, *good]]
    context = {
        "batch": batch, "importer": importer, "heads": [column.head for column in importer.columns],
        "rows": shown, "is_cut": len(shown) < len(batch.rows), "has_links": bool(batch.result.get("people")),
    }  # fmt: skip
    return render(request, "core/import.html", context)


def import_errors(request, pk):
    """The rows with what is wrong, to mend and bring again."""
    batch = _batch(request, pk)
    return _download(imports.error_workbook(batch), f"{_('errors')}-{batch.file_name}")


def import_links(request, pk):
    """One-time links of the people whom an accepted workbook brought and who have no password yet."""
    batch = _batch(request, pk)
    brought = User.objects.administered_by(request.user).filter(pk__in=batch.result.get("people", []))
    rows = (
        (user.username, user.name, request.build_absolute_uri(people.welcome_link(user)))
        for user in brought.order_by("username")
        if not user.has_usable_password()
    )
    heads = [Column(_("Name for signing in"), 20), Column(_("Name"), 14), Column(_("One-time link"), 80)]
    return workbook_response(f"{_('links')}-{batch.pk}", _("One-time links"), heads, rows)


def _decide(request, batch):
    now = timezone.now()
    if "discard" in request.POST:
        imports.discard(batch)
        return redirect("core:imports")
    if batch.good_count > imports.ROWS_AT_ONCE and not batch.bad_count:
        job = imports.accept_later(batch, actor=request.user, now=now)
        return redirect("core:job", job.pk)
    try:
        imports.accept(batch, actor=request.user, now=now)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Everything was written."))
    return redirect("core:import", batch.pk)


def _shown(row, importer):
    errors = [(head, "；".join(texts)) for head, texts in row["errors"].items()]
    cells = [(column.head, row["values"].get(column.name, "")) for column in importer.columns]
    return {"row": row["row"], "errors": errors, "cells": cells}


def _roles(user):
    return {role for _path, role in user.posts}


def _importer(user, kind):
    """(importer, the organisation that one brings in for); 404 for an unknown kind, 403 without a post."""
    if kind not in imports.IMPORTERS:
        raise Http404
    importer = imports.IMPORTERS[kind]
    place = importer.place_for(user)
    if place is None:
        raise PermissionDenied(_("Your post does not bring in workbooks of this kind."))
    return importer, place


def _batch(request, pk):
    batch = get_object_or_404(
        ImportBatch.objects.visible_to(request.user).select_related("organisation"), pk=pk
    )
    _importer(request.user, batch.kind)
    return batch


def _download(content, name):
    answer = HttpResponse(content, content_type=XLSX)
    answer["Content-Disposition"] = content_disposition_header(True, name)
    return answer
