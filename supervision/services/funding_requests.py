"""Request papers (请示) for money: drafted from a selection, issued with its total by whoever signs."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from hazards.workflow import BUREAU, SCHOOL, NotAllowed
from schoolsafety.core.audit import record_event
from schoolsafety.core.drafts import change
from schoolsafety.core.models import Organisation
from schoolsafety.core.numbering import number_for
from schoolsafety.core.papers import issue_paper

from ..models import FundingNeed, FundingRequest, RequestLine
from ..papers import funding as papers
from ..workflow.funding import (
    COUNTED,
    SIGNERS,
    WRITERS,
    NeedState,
    RequestAction,
    RequestState,
    demand,
    rank_key,
    request_refusal,
)

TEMPLATE = "papers/official.html"
WORDS = ["addressee", "title", "body", "contact"]
MOST_LINES = 200  # one paper's table; more belongs into several papers


def issuer_over(user, schools):
    """The organisation that asks: the nearest bureau above all with this person's post, or their school.

    Raises NotAllowed where there is none.
    """
    above = [
        (path, role) for path, role in user.posts if schools and all(s.path.startswith(path) for s in schools)
    ]
    bureaus = [path for path, role in above if role in BUREAU]
    own = [path for path, role in above if role in SCHOOL and len(schools) == 1]
    paths = bureaus or own
    if not paths:
        raise NotAllowed(_("You hold no post that asks for money for these schools."))
    return Organisation.objects.select_related("parent").get(path=max(paths, key=len))


def refusals(needs, issuer):
    """{pk: reason} of the needs that no paper of `issuer` can ask for now (one query)."""
    live = RequestLine.objects.filter(
        need__in=[need.pk for need in needs], request__organisation=issuer,
        request__status__in=[RequestState.DRAFT, RequestState.ISSUED],
    )  # fmt: skip
    asked = {line.need_id: line.request for line in live.select_related("request")}
    found = {}
    for need in needs:
        if need.status not in COUNTED:
            found[need.pk] = _("It is “%(state)s”.") % {"state": need.get_status_display()}
        elif need.pk in asked:
            found[need.pk] = _("It stands in the request %(request)s.") % {"request": asked[need.pk]}
    return found


@transaction.atomic
def draft_request(needs, *, actor, now, **words):
    """A draft for several acknowledged needs, in the order of their rank; returns it. No number is used up.

    `words` replace what is suggested (fields WORDS). Raises NotAllowed without a post that asks for
    them, ValidationError with a line for each need that cannot be asked for.
    """
    locked = FundingNeed.objects.select_for_update(of=("self",)).select_related("school", "hazard")
    rows = list(locked.filter(pk__in=[need.pk for need in needs]).order_by("pk"))
    if not rows or len(rows) > MOST_LINES:
        raise ValidationError(_("Choose one to %(n)d needs.") % {"n": MOST_LINES})
    issuer = issuer_over(actor, list({row.school for row in rows}))
    if bad := refusals(rows, issuer):
        lines = {row.pk: f"{row.hazard.number} {row.hazard.title}" for row in rows}
        raise ValidationError([f"{lines[pk]}：{reason}" for pk, reason in bad.items()])
    rows.sort(key=lambda row: rank_key(row.risk, row.cost, row.since, row.pk))
    total = sum(row.cost for row in rows)
    request = FundingRequest.objects.create(
        organisation=issuer, created_at=now, created_by=actor, total=total,
        **papers.suggestions(issuer, rows, total) | words,
    )  # fmt: skip
    RequestLine.objects.bulk_create(
        RequestLine(request=request, need=row, order=order, cost=row.cost)
        for order, row in enumerate(rows, start=1)
    )
    _log(request, "draft", actor=actor, needs=[row.hazard.number for row in rows], total=total)
    return request


@transaction.atomic
def edit_request(request, *, actor, now, version, **words):
    """Change the words of a draft; `version` is the one the form was opened with. Raises EditedMeanwhile."""
    request = _begin(request, RequestAction.EDIT, actor=actor)
    change(request, version, {name: words[name] for name in WORDS if name in words})
    request.save()
    _log(request, RequestAction.EDIT, actor=actor, version=request.version)
    return request


@transaction.atomic
def issue_request(request, *, actor, now):
    """Number and paper; its needs are asked for from now on. Returns the request.

    Raises ValidationError where the issuer has no mark, or a need was settled meanwhile.
    """
    request = _begin(request, RequestAction.ISSUE, actor=actor)
    lines = _lines(request)
    gone = [line for line in lines if line.need.status not in COUNTED]
    if gone:
        names = "、".join(line.need.hazard.number for line in gone)
        raise ValidationError(_("Settled meanwhile, discard this draft: %(names)s") % {"names": names})
    today = localdate(now)
    request.number = number_for(request.organisation, "fund_request", today)
    request.issued_at, request.issued_by, request.status = now, actor, RequestState.ISSUED
    request.paper = issue_paper(
        request, kind="fund_request", organisation=request.organisation, number=request.number,
        title=request.title, template=TEMPLATE, now=now, actor=actor,
        data=papers.request(request, lines, request.number, today),
    )  # fmt: skip
    request.save()
    for line in sorted(lines, key=lambda line: line.need.school_id):  # chains are locked in one order
        _ask(line.need, request, actor)
    _log(request, RequestAction.ISSUE, actor=actor, number=request.number, sha256=request.paper.sha256)
    return request


@transaction.atomic
def discard_request(request, *, actor, now, note=""):
    """Throw a draft away; its needs can be asked for by another paper."""
    request = _begin(request, RequestAction.DISCARD, actor=actor)
    request.status = RequestState.DISCARDED
    request.save(update_fields=["status"])
    _log(request, RequestAction.DISCARD, actor=actor, note=note)
    return request


def _ask(need, request, actor):
    before, need.status = need.status, NeedState.REQUESTED
    need.save(update_fields=["status"])
    record_event(
        need, "supervision.request_need", organisation=need.school, actor=actor, request=request.number,
        hazard=need.hazard.number, status=[before, need.status],
    )  # fmt: skip


def _lines(request):
    """The lines in order, their needs locked."""
    rows = FundingNeed.objects.select_for_update(of=("self",)).select_related("school", "hazard")
    lines = list(request.lines.all())
    needs = {need.pk: need for need in rows.filter(request_lines__request=request).order_by("pk")}
    for line in lines:
        line.need = needs[line.need_id]
    return lines


def _begin(request, action, *, actor):
    rows = FundingRequest.objects.select_for_update(of=("self",)).select_related("organisation")
    fresh = rows.get(pk=request.pk)
    place = fresh.organisation
    demand(request_refusal(action, fresh.status, actor.roles_at(place), is_school=place.is_school))
    return fresh


def _log(request, verb, *, actor, note="", **changes):
    place = request.organisation
    roles = (SIGNERS if verb == RequestAction.ISSUE else WRITERS)[place.is_school]
    record_event(
        request, f"supervision.{verb}_request", organisation=place, actor=actor, note=note,
        post=actor.post_for(place, roles), **changes,
    )  # fmt: skip
