"""Jobs: what ran, what failed and why; the progress of one that somebody waits for."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from .. import jobs
from ..filtered import everything, filtered
from ..models import Job, Organisation
from ..paging import page_of

COLUMNS = ["name", "state", "requested_by__name", "attempts", "finished_at", "error"]


@filtered("core:jobs", also=["state"])
def job_list(request):
    """Newest first; what failed can be singled out."""
    state = request.GET.get("state", "")
    rows = Job.objects.visible_to(request.user).exclude(name="core.heartbeat")
    if state in Job.State.values:
        rows = rows.filter(state=state)
    page = page_of(rows, request, field="created_at", columns=COLUMNS)
    states = dict(Job.State.choices)
    for row in page.rows:
        row |= {
            "title": jobs.TITLES.get(row["name"], row["name"]),
            "state_text": states[row["state"]],
            "kind": KINDS[row["state"]],
        }
    tabs = [{"url": everything(request.path), "label": _("All"), "count": None, "is_current": not state}] + [
        {"url": f"?state={value}", "label": label, "count": None, "is_current": state == value}
        for value, label in Job.State.choices
    ]
    return render(request, "core/jobs.html", {"page": page, "tabs": tabs})


def job(request, pk):
    """One job: progress while it runs, its result row by row, or why it failed."""
    row = get_object_or_404(Job.objects.visible_to(request.user), pk=pk)
    template = "core/_job.html" if request.htmx else "core/job.html"
    context = {
        "job": row, "title": jobs.TITLES.get(row.name, row.name), "results": row.result.get("rows", []),
        "link": row.result.get("url"), "link_text": row.result.get("text"),
        "is_open": row.state in {Job.State.WAITING, Job.State.RUNNING},
        "may_retry": row.state == Job.State.FAILED and _place(request.user) is not None,
    }  # fmt: skip
    return render(request, template, context)


@require_POST
def job_retry(request, pk):
    """Run a failed job again: an administrator's act."""
    row = get_object_or_404(Job.objects.visible_to(request.user).select_related("organisation"), pk=pk)
    place = row.organisation or _place(request.user)
    if place is None or not Organisation.objects.visible_to(request.user).filter(pk=place.pk).exists():
        raise PermissionDenied(_("Only an administrator runs jobs again."))
    jobs.retry(row, actor=request.user, organisation=place, now=timezone.now())
    return redirect("core:job", row.pk)


KINDS = {
    Job.State.WAITING: "wait", Job.State.RUNNING: "todo", Job.State.DONE: "done", Job.State.FAILED: "late",
}  # fmt: skip


def _place(user):
    """The topmost organisation that this person administers, or None."""
    return Organisation.objects.visible_to(user).administered_by(user).order_by("path").first()
