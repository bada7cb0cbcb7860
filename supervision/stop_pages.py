"""What the pages show of stops of use: rows, tabs, one order with its applications. Reads only."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hazards.workflow import Grade
from schoolsafety.core.audit import history_of
from schoolsafety.core.filtered import everything
from schoolsafety.core.history import lines_of
from schoolsafety.core.models import Attachment
from schoolsafety.core.roles import BUREAU_ROLES, Role
from schoolsafety.core.spreadsheets import Column

from .models import Resumption, StopOrder
from .services import stop_shared
from .workflow.stops import CLOSED_NOW, LIVE, STANDS, Assessor, Extent, StopAction, StopStatus

COLUMNS = [
    "number", "status", "extent", "place", "starts_on", "limit_on", "hazard__number", "hazard__title",
    "school__name", "school__short_name", "review_due_on",
]  # fmt: skip
KINDS = {
    StopStatus.DRAFT: "todo", StopStatus.IN_FORCE: "late", StopStatus.APPLIED: "late",
    StopStatus.REVIEWED: "late", StopStatus.FOR_GOOD: "late", StopStatus.RESUMED: "done",
}  # fmt: skip
OPEN_REQUEST = Resumption.objects.filter(order=OuterRef("pk"), decided_at=None, voided_at=None)
PRIMARY = [
    StopAction.ISSUE, StopAction.SIGN_FOR, StopAction.APPLY, StopAction.REVIEW, StopAction.DECIDE,
]  # fmt: skip
ADDRESSES = {
    StopAction.EDIT: "stop_edit", StopAction.ISSUE: "stop_issue", StopAction.DISCARD: "stop_discard",
    StopAction.SIGN_FOR: "stop_sign_for", StopAction.APPLY: "stop_apply", StopAction.REVIEW: "stop_review",
    StopAction.DECIDE: "stop_decide", StopAction.WITHDRAW: "stop_withdraw",
}  # fmt: skip


def with_clock(rows):
    """The orders with the day by which an open application is reviewed on site."""
    return rows.annotate(review_due_on=Subquery(OPEN_REQUEST.values("review_due_on")[:1]))


def tab_conditions(user, today):
    """{name: Q} of the tabs; drafts and limits are the bureau's business."""
    found = {
        "": Q(status__in=CLOSED_NOW),
        "applied": Q(status__in=[StopStatus.APPLIED, StopStatus.REVIEWED]),
    }
    if {role for _path, role in user.posts} & (BUREAU_ROLES | {Role.AUDITOR}):
        found["over"] = Q(status__in=STANDS, limit_on__lt=today)
        found["draft"] = Q(status=StopStatus.DRAFT)
    ended = [StopStatus.RESUMED, StopStatus.WITHDRAWN, StopStatus.GONE]
    return found | {"ended": Q(status__in=ended)}


def tabs_of(rows, conditions, current):
    """The tabs with their counts: one query."""
    words = {
        "": _("Out of use now"), "applied": _("Resumption applied for"), "over": _("Over the usual limit"),
        "draft": _("Drafts"), "ended": _("No longer in force"),
    }  # fmt: skip
    counts = rows.order_by().aggregate(
        **{f"n_{name}": Count("pk", filter=condition) for name, condition in conditions.items()}
    )
    address = reverse("supervision:stops")
    return [
        {
            "url": f"{address}?state={name}" if name else everything(address), "label": words[name],
            "count": counts[f"n_{name}"], "is_current": name == current,
        }
        for name in conditions
    ]  # fmt: skip


def workbook_of(rows, today):
    """(columns, rows) of the workbook of these orders; the rows stream."""
    heads = [
        Column(_("Number"), 26), Column(_("State"), 22), Column(_("School"), 30), Column(_("Bureau"), 24),
        Column(_("How much is stopped"), 12), Column(_("What is stopped"), 30), Column(_("Hazard"), 24),
        Column(_("Stopped from"), 12, "date"), Column(_("Days closed"), 12, "number"),
        Column(_("Usual limit"), 12, "date"), Column(_("Review on site by"), 12, "date"),
    ]  # fmt: skip
    names = [
        "number", "status", "school__name", "organisation__name", "extent", "place", "hazard__number",
        "starts_on", "limit_on", "review_due_on",
    ]  # fmt: skip
    flat = rows.order_by("-created_at", "-pk").values_list(*names).iterator()
    return heads, (_flat(row, today) for row in flat)


def _flat(row, today):
    number, status, school, bureau, extent, place, hazard, starts_on, limit_on, review = row
    days = StopOrder(status=status, starts_on=starts_on).days_closed(today)
    return [
        number or "", str(StopStatus(status).label), school, bureau, str(Extent(extent).label), place, hazard,
        starts_on, days or "", limit_on, review,
    ]  # fmt: skip


def row_of(row, today):
    """One line of the list, from a dict of COLUMNS."""
    status = StopStatus(row["status"])
    shown = StopOrder(status=status, starts_on=row["starts_on"])
    return row | {
        "url": reverse("supervision:stop", args=[row["pk"]]), "state": status.label,
        "kind": KINDS.get(status, "wait"), "school": row["school__short_name"] or row["school__name"],
        "extent": Extent(row["extent"]).label, "days": shown.days_closed(today),
        "flags": _flags(status, row["limit_on"], row["review_due_on"], today),
    }  # fmt: skip


def _flags(status, limit_on, review_due_on, today):
    """(kind, text): over the limit, review on site late."""
    found = []
    if status in STANDS and limit_on and limit_on < today:
        found.append(("warn", _("over the usual limit of %(day)s") % {"day": limit_on}))
    if status == StopStatus.APPLIED and review_due_on and review_due_on < today:
        late = (today - review_due_on).days
        found.append(("late", _("review on site %(n)d days late") % {"n": late}))
    return found


def orders_of(hazard, user):
    """The orders of one hazard that this person sees, newest first: one query a page, none for a hazard
    that is not major."""
    if hazard.grade != Grade.MAJOR:
        return []
    if not hasattr(hazard, "_stop_orders"):
        rows = with_clock(StopOrder.objects.visible_to(user).filter(hazard=hazard))
        hazard._stop_orders = list(rows.exclude(status=StopStatus.DISCARDED))
    return hazard._stop_orders


def box_of(orders, today):
    """The box on a hazard's page: [{url, title, kind, state, flags, place, since, days}]."""
    return [
        {
            "url": order.get_absolute_url(), "title": order.number or _("Draft order"), "place": order.place,
            "kind": KINDS.get(order.status, "wait"), "state": order.get_status_display(),
            "flags": _flags(order.status, order.limit_on, order.review_due_on, today),
            "since": order.starts_on, "days": order.days_closed(today),
        }
        for order in orders
    ]  # fmt: skip


def has_live(orders):
    """Is one of them in force or on its way?"""
    return any(order.status in LIVE for order in orders)


def detail_of(order, user, now):
    """The context of an order's page; `order` is loaded with hazard, school and its superior, people."""
    today, actions = timezone.localdate(now), stop_shared.actions_of(order, user)
    people = ["applied_by", "review_recorded_by", "decided_by", "paper"]
    requests = list(order.resumptions.select_related(*people))
    attached = _attached(requests)
    waiting = next((one for one in requests if not one.decided_at and not one.voided_at), None)
    flags = _flags(order.status, order.limit_on, waiting.review_due_on if waiting else None, today)
    return {
        "order": order, "kind": KINDS.get(order.status, "wait"), "flags": flags,
        "days": order.days_closed(today), "facts": _facts(order),
        "next": _next(order, actions, waiting), "lines": lines_of(history_of(order)),
        "requests": [_request(one, attached.get(one.pk, [])) for one in requests],
    }  # fmt: skip


def _attached(requests):
    """{application: its files}: one query for all."""
    found = {}
    if requests:
        kind = ContentType.objects.get_for_model(Resumption)
        rows = Attachment.objects.filter(owner_type=kind, owner_id__in=[one.pk for one in requests])
        for file in rows:
            found.setdefault(file.owner_id, []).append(file)
    return found


def _request(one, attached):
    words = {
        None: ("wait", _("awaits a decision")), True: ("done", _("consent")), False: ("warn", _("refused")),
    }  # fmt: skip
    kind, state = ("wait", _("ended with its order")) if one.voided_at else words[one.is_granted]
    assessed = one.body if one.assessor == Assessor.BODY else "；".join(one.experts.splitlines())
    proposal = {None: "", True: _("Consent to the resumption"), False: _("Refuse: the stop goes on")}
    return {
        "request": one, "kind": kind, "state": state,
        "documents": [file for file in attached if file.kind != Attachment.Kind.PHOTO],
        "photos": [file for file in attached if file.kind == Attachment.Kind.PHOTO],
        "facts": [
            (_("Applied"), f"{timezone.localtime(one.applied_at):%Y-%m-%d %H:%M} · {one.applied_by}"),
            (_("What the plan demanded"), one.plan), (_("What was done"), one.done),
            (_("Assessed by"), f"{one.get_assessor_display()} · {assessed}"),
            (_("Number of its certificate"), one.certificate),
            (_("Day of the assessment"), f"{one.assessed_on:%Y-%m-%d}"),
            (_("Conclusion of the assessment"), one.conclusion),
            (_("Review on site by"), f"{one.review_due_on:%Y-%m-%d}"),
            (_("Reviewed on"), f"{one.reviewed_on:%Y-%m-%d} · {one.reviewers}" if one.reviewed_on else ""),
            (_("What was found on site"), one.findings), (_("Proposal"), proposal[one.is_proposed]),
            (_("Decided by"), f"{one.decided_by} · {one.number}" if one.decided_at else ""),
            (_("Reason or conditions"), one.answer),
        ],
    }  # fmt: skip


def _facts(order):
    return [
        (_("School"), order.school.name), (_("Bureau"), order.organisation.name),
        (_("How much is stopped"), order.get_extent_display()), (_("What is stopped"), order.place),
        (_("Stopped from"), f"{order.starts_on:%Y-%m-%d}"),
        (_("Usual limit"), f"{order.limit_on:%Y-%m-%d}" if order.limit_on else ""),
        (_("Ended"), f"{timezone.localdate(order.ended_at):%Y-%m-%d}" if order.ended_at else ""),
        (_("Why its use is stopped"), order.reason), (_("Legal basis"), order.basis),
        (_("What the school must do"), order.demands), (_("How to object"), order.appeal),
        (_("Contact"), order.contact), (_("Drafted by"), str(order.created_by or "")),
        (_("Issuing leader"), _who(order.issued_by, order.issued_at)),
        (_("Signed for"), _who(order.received_by, order.received_at)),
        (_("Reason of the withdrawal"), order.withdrawal_note),
    ]  # fmt: skip


def _who(person, at):
    return f"{person} · {timezone.localtime(at):%Y-%m-%d %H:%M}" if at else ""


def _next(order, actions, waiting):
    """{sentence, primary, others} for components/next_step.html."""
    links = {
        action: {"url": reverse(f"supervision:{ADDRESSES[action]}", args=[order.pk]), "label": action.label}
        for action in actions
    }
    first = next((action for action in PRIMARY if action in links), None)
    primary = links.pop(first, None)
    return {"sentence": _sentence(order, waiting), "primary": primary, "others": list(links.values())}


def _sentence(order, waiting):
    match order.status:
        case StopStatus.DRAFT:
            return _("A leader of the bureau reads the draft and issues it; it gets its number then.")
        case StopStatus.IN_FORCE if order.hazard.status not in stop_shared.rules.HANDED_IN:
            return _("The school removes the hazard and hands it in; then the principal applies.")
        case StopStatus.IN_FORCE:
            return _("The hazard is handed in: the principal applies to resume use.")
        case StopStatus.APPLIED:
            return _("The bureau reviews on site by %(day)s.") % {"day": waiting.review_due_on}
        case StopStatus.REVIEWED:
            return _("A leader of the bureau consents or refuses.")
        case StopStatus.WITHDRAWN:
            return _("Withdrawn and void: %(note)s") % {"note": order.withdrawal_note}
        case StopStatus.FOR_GOOD:
            return _("It stays out of use; the hazard was closed with that.")
    return _("Nothing more to do.")
