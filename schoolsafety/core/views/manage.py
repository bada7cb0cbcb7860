"""Workbooks, jobs, calendar, settings and the log: the administrator's and the auditor's pages."""

from urllib.parse import quote

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from .. import calendar_data, imports, jobs
from ..audit import record_event
from ..forms import DayForm, TermForm, WorkbookForm
from ..history import VERBS, lines_of
from ..models import Anchor, CalendarDay, Event, ImportBatch, Job, Organisation, Preference, SchoolTerm
from ..paging import page_of
from ..preferences import REGISTRY, preferences_for
from ..roles import Role
from ..spreadsheets import XLSX


def import_list(request):
    """The kinds of workbook, and what was brought in before."""
    place = administered(request.user)
    rows = ImportBatch.objects.visible_to(request.user).select_related("uploaded_by")[:50]
    context = {"importers": imports.IMPORTERS.values(), "rows": rows, "place": place}
    return render(request, "core/imports.html", context)


def import_new(request, kind):
    """Upload a workbook; a preview follows."""
    importer, place = _importer(kind), administered(request.user)
    bound = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = WorkbookForm(*bound)
    if form.is_valid():
        try:
            batch = imports.preview(
                kind,
                form.cleaned_data["workbook"],
                organisation=place,
                actor=request.user,
                now=timezone.now(),
            )
        except ValidationError as error:
            form.add_error("workbook", error)
        else:
            return redirect("core:import", batch.pk)
    context = {"form": form, "importer": importer}
    return render(request, "core/import_new.html", context, status=400 if form.errors else 200)


def import_template(request, kind):
    """The workbook to fill in."""
    administered(request.user)
    return _download(imports.template(_importer(kind)), f"{_importer(kind).label}.xlsx")


def import_batch(request, pk):
    """The preview: each bad row explained beside the row; accept or discard."""
    batch = get_object_or_404(ImportBatch.objects.visible_to(request.user), pk=pk)
    importer = _importer(batch.kind)
    if request.method == "POST":
        return _decide(request, batch)
    bad = [row for row in batch.rows if row["errors"]]
    good = [row for row in batch.rows if not row["errors"]]
    heads = [column.head for column in importer.columns]
    names = [column.name for column in importer.columns]
    shown = [
        {"row": row["row"], "errors": row["errors"], "cells": [row["values"].get(name, "") for name in names]}
        for row in [*bad[:200], *good[:50]]
    ]
    context = {
        "batch": batch,
        "importer": importer,
        "heads": heads,
        "rows": shown,
        "links": batch.result.get("links", []),
    }
    return render(request, "core/import.html", context)


def import_errors(request, pk):
    """The rows with what is wrong, to mend and bring again."""
    batch = get_object_or_404(ImportBatch.objects.visible_to(request.user), pk=pk)
    return _download(imports.error_workbook(batch), f"errors-{batch.pk}.xlsx")


def job_list(request):
    """What ran, what failed and why."""
    state = request.GET.get("state", "")
    rows = Job.objects.visible_to(request.user).select_related("requested_by").exclude(name="core.heartbeat")
    if state in Job.State.values:
        rows = rows.filter(state=state)
    tabs = [{"url": "?", "label": _("All"), "count": None, "is_current": not state}] + [
        {"url": f"?state={value}", "label": label, "count": None, "is_current": state == value}
        for value, label in Job.State.choices
    ]
    return render(request, "core/jobs.html", {"rows": rows[:100], "tabs": tabs})


def job(request, pk):
    """One job: progress while it runs, its result row by row, or why it failed."""
    row = get_object_or_404(Job.objects.visible_to(request.user), pk=pk)
    template = "core/_job.html" if request.htmx else "core/job.html"
    return render(request, template, {"job": row, "results": row.result.get("rows", [])})


@require_POST
@transaction.atomic
def job_retry(request, pk):
    """Run a failed job again."""
    row = get_object_or_404(Job.objects.visible_to(request.user), pk=pk)
    if Role.ADMINISTRATOR not in {role for _path, role in request.user.posts}:
        raise PermissionDenied(_("Only an administrator runs jobs again."))
    jobs.retry(row, now=timezone.now())
    return redirect("core:job", row.pk)


def calendar(request):
    """A year's days that differ from their weekday, and the terms."""
    place = administered(request.user)
    year = _year(request)
    day_form = DayForm(request.POST if "add_day" in request.POST else None)
    term_form = TermForm(request.POST if "add_term" in request.POST else None)
    if request.method == "POST" and _change_calendar(request, place, day_form, term_form, year):
        return redirect(f"{request.path}?year={year}")
    context = {
        "year": year, "days": CalendarDay.objects.filter(day__year=year).select_related("organisation"),
        "terms": SchoolTerm.objects.filter(organisation=place), "day_form": day_form, "term_form": term_form,
    }  # fmt: skip
    is_bad = day_form.errors or term_form.errors
    return render(request, "core/calendar.html", context, status=400 if is_bad else 200)


def settings_page(request):
    """The settings of one's organisation, each with what holds now."""
    place = administered(request.user)
    values = preferences_for(place, list(REGISTRY))
    errors = {}
    if request.method == "POST":
        errors = _save_settings(request, place, values)
        if not errors:
            messages.success(request, _("Saved."))
            return redirect("core:settings")
    rows = [
        {"key": key, "choice": choice, "value": request.POST.get(key, values[key]), "error": errors.get(key),
         "is_switch": isinstance(choice.default, bool)}
        for key, choice in REGISTRY.items()
    ]  # fmt: skip
    return render(
        request, "core/settings.html", {"rows": rows, "place": place}, status=400 if errors else 200
    )


def log(request):
    """The history of everything one may audit, with the newest anchor."""
    if not {role for _path, role in request.user.posts} & {Role.AUDITOR, Role.ADMINISTRATOR}:
        raise PermissionDenied
    roles = {Role.AUDITOR, Role.ADMINISTRATOR}
    rows = Event.objects.filter(request.user.scope(via="organisation", roles=roles))
    verb = request.GET.get("verb", "")
    if verb in VERBS:
        rows = rows.filter(verb=verb)
    page = page_of(rows, request, field="at", columns=["organisation_id"])
    shown = [row["pk"] for row in page.rows]
    loaded = (
        Event.objects.filter(pk__in=shown)
        .select_related("actor", "words", "organisation")
        .order_by("-at", "-pk")
    )
    context = {
        "lines": lines_of(loaded, with_place=True), "page": page, "verbs": sorted(VERBS.items()), "verb": verb,
        "anchor": Anchor.objects.order_by("-day").first(),
    }  # fmt: skip
    return render(request, "core/log.html", context)


def administered(user):
    """The topmost organisation that this person administers; PermissionDenied without one."""
    place = Organisation.objects.administered_by(user).order_by("path").first()
    if place is None:
        raise PermissionDenied(_("This page is for administrators."))
    return place


def _importer(kind):
    if kind not in imports.IMPORTERS:
        raise Http404
    return imports.IMPORTERS[kind]


def _decide(request, batch):
    if "discard" in request.POST:
        ImportBatch.objects.filter(pk=batch.pk, state=ImportBatch.State.PREVIEW).update(
            state=ImportBatch.State.DISCARDED
        )
        return redirect("core:imports")
    try:
        imports.accept(batch, actor=request.user, now=timezone.now())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Everything was written."))
    return redirect("core:import", batch.pk)


def _year(request):
    text = request.GET.get("year") or str(timezone.localdate().year)
    if not text.isdigit() or not 2000 <= int(text) <= 2100:
        raise Http404
    return int(text)


@transaction.atomic
def _change_calendar(request, place, day_form, term_form, year):
    """One change of the calendar with its event; False when a form is wrong."""
    fact = {}
    if "seed" in request.POST:
        try:
            fact = {"seeded": calendar_data.seed(year)}
        except NotImplementedError:
            messages.error(request, _("The holidays of %(year)d are not known yet.") % {"year": year})
            return True
    elif "drop" in request.POST:
        row = get_object_or_404(CalendarDay, pk=request.POST["drop"])
        fact = {"dropped": row.day}
        row.delete()
    elif day_form.is_valid():
        day, values = day_form.cleaned_data["day"], day_form.cleaned_data
        CalendarDay.objects.update_or_create(
            day=day, organisation=None, defaults={"kind": values["kind"], "name": values["name"]}
        )
        fact = {"day": day, "kind": values["kind"]}
    elif term_form.is_valid():
        SchoolTerm.objects.create(organisation=place, **term_form.cleaned_data)
        fact = {"term": term_form.cleaned_data["name"]}
    else:
        return False
    record_event(place, "core.change_calendar", organisation=place, actor=request.user, **fact)
    return True


@transaction.atomic
def _save_settings(request, place, values):
    """Save what changed; {key: error} for what cannot be read."""
    errors, changes = {}, {}
    for key, choice in REGISTRY.items():
        text = request.POST.get(key, "")
        try:
            value = _read(text, choice)
        except ValueError:
            errors[key] = _("Between %(low)s and %(high)s.") % {"low": choice.low, "high": choice.high}
            continue
        if value != values[key]:
            changes[key] = [values[key], value]
    if not errors:
        for key, (_old, new) in changes.items():
            Preference.objects.update_or_create(organisation=place, key=key, defaults={"value": new})
        if changes:
            record_event(
                place,
                "core.change_preference",
                organisation=place,
                actor=request.user,
                **{"changed": changes},
            )
    return errors


def _read(text, choice):
    if isinstance(choice.default, bool):
        return text == "1"
    if isinstance(choice.default, int):
        value = int(text)
        if not (choice.low or 0) <= value <= (choice.high or 10**9):
            raise ValueError
        return value
    return text.strip()[:2000] or choice.default


def _download(content, name):
    answer = HttpResponse(content, content_type=XLSX)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return answer
