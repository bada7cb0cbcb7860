"""Reads for the lists of listed supervision: queues, counts, majors that wait, workbooks, the public page."""

from datetime import timedelta

from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hazards.models import Hazard
from hazards.workflow import Grade, Status
from schoolsafety.core.roles import BUREAU_LEADERS, BUREAU_ROLES, Role
from schoolsafety.core.spreadsheets import Column

from .models import Listing, ListingExtension, ProgressReport
from .workflow.listing import (
    CURRENT,
    HANDED_IN,
    LISTABLE,
    RUNNING,
    Cycle,
    Ground,
    ListingLevel,
    ListingStatus,
    ReportState,
)

SOON_DAYS = 30  # a term that ends within so many days is shown as ending soon
REPORT_SOON_DAYS = 3
PUBLIC_DAYS = 180  # so long a delisted one still stands on the public page
S = ListingStatus

OPEN_EXTENSION = Exists(ListingExtension.objects.filter(listing=OuterRef("pk"), decided_at__isnull=True))
UNREAD = Exists(ProgressReport.objects.filter(listing=OuterRef("pk"), state=ReportState.SENT))
COLUMNS = [
    "number", "status", "level", "due_on", "first_due_on", "next_report_on", "published_at",
    "publish_due_on", "delisting_published_at", "hazard__title", "hazard__number", "school__name",
    "school__short_name", "organisation__name", "organisation__short_name",
]  # fmt: skip
LABELS = {
    "late": _("Reports late"),
    "soon": _("Term ends within 30 days"),
    "over": _("Term is over"),
    "read": _("Reports to read"),
    "decide": _("Longer terms to decide"),
    "accept": _("To accept"),
    "issue": _("Drafts"),
    "delist": _("To delist"),
    "publish": _("To publish"),
    "report": _("To report"),
    "apply": _("To apply for acceptance"),
}
SCHOOL_QUEUES = ["report", "apply", "late", "soon", "over"]
BUREAU_QUEUES = ["issue", "read", "late", "decide", "accept", "delist", "publish", "soon", "over"]
# What waits for staff, and what only a leader may do.
STAFF_DUTIES = ["late", "read", "accept", "over"]
LEADER_DUTIES = ["issue", "decide", "delist", "publish", "over"]


def condition_of(queue, today):
    """The Q of a queue on `today`; None if there is no such queue."""
    return {
        "late": Q(status=S.LISTED, next_report_on__lt=today),
        "soon": Q(status__in=RUNNING, due_on__range=(today, today + timedelta(days=SOON_DAYS))),
        "over": Q(status__in=[S.LISTED, S.APPLIED], due_on__lt=today),
        "read": Q(UNREAD, status__in=RUNNING),
        "decide": Q(OPEN_EXTENSION, status__in=[S.LISTED, S.APPLIED]),
        "accept": Q(status=S.APPLIED),
        "issue": Q(status=S.DRAFT),
        "delist": Q(status=S.ACCEPTED),
        "publish": Q(status__in=RUNNING, published_at__isnull=True)
        | Q(status=S.DELISTED, published_at__isnull=False, delisting_published_at__isnull=True),
        "report": Q(status=S.LISTED, next_report_on__lte=today + timedelta(days=REPORT_SOON_DAYS)),
        "apply": Q(status=S.LISTED, hazard__status__in=HANDED_IN),
    }.get(queue)


def queues_for(user):
    """The names of the queues that concern this person, in the order of their tabs."""
    return BUREAU_QUEUES if _roles(user) & BUREAU_ROLES else SCHOOL_QUEUES


def counts_of(rows, names, today):
    """{queue: how many} of a queryset, in one query."""
    wanted = {f"n_{name}": Count("pk", filter=condition_of(name, today)) for name in names}
    found = rows.order_by().aggregate(**wanted)
    return {name: found[f"n_{name}"] for name in names}


def duties_for(user, today):
    """{queue: how many wait for this person of a bureau}; one query a request, however often asked."""
    if not hasattr(user, "_listing_duties"):
        roles = _roles(user)
        names = STAFF_DUTIES if roles & (BUREAU_ROLES - BUREAU_LEADERS) else []
        names = [*names, *LEADER_DUTIES] if roles & BUREAU_LEADERS else names
        names = list(dict.fromkeys(names))
        rows = Listing.objects.answered_for_by(user)
        user._listing_duties = counts_of(rows, names, today) if names else {}
    return user._listing_duties


def own_of_school(user, today):
    """What a school's officer and principal must do: running listings with a report, an application or a
    term in sight, the most urgent first (no query yet)."""
    if not _roles(user) & {Role.SAFETY_OFFICER, Role.PRINCIPAL}:
        return Listing.objects.none()
    rows = Listing.objects.visible_to(user).filter(status=S.LISTED)
    wanted = condition_of("report", today) | condition_of("apply", today)
    wanted |= condition_of("soon", today) | condition_of("over", today)
    return rows.filter(wanted).select_related("hazard", "school").order_by("next_report_on", "pk")


def waiting(user):
    """Major hazards without a listing that still wait for the school or for their plan."""
    listed = Listing.objects.filter(hazard=OuterRef("pk"), status__in=CURRENT)
    majors = Hazard.objects.visible_to(user).filter(grade=Grade.MAJOR, status__in=LISTABLE)
    return majors.filter(~Exists(listed))


WAITING_COLUMNS = [
    "number", "title", "place", "status", "found_on", "due_on", "school__name", "school__short_name",
    "category__name",
]  # fmt: skip
WAITING_HEADS = [
    Column(_("Number of the case"), 18),
    Column(_("School"), 26),
    Column(_("Hazard"), 36),
    Column(_("Place"), 20),
    Column(_("Category"), 12),
    Column(_("State"), 18),
    Column(_("Found on"), 12, "date"),
    Column(_("Deadline"), 12, "date"),
]


def waiting_rows(hazards):
    """One list a hazard in the order of WAITING_HEADS."""
    names = [
        "number", "school__name", "title", "place", "category__name", "status", "found_on", "due_on",
    ]  # fmt: skip
    for row in hazards.order_by("found_on", "pk").values_list(*names).iterator():
        yield [*row[:5], str(Status(row[5]).label), *row[6:]]


HEADS = [
    Column(_("Number"), 26),
    Column(_("Level"), 12),
    Column(_("State"), 18),
    Column(_("School"), 26),
    Column(_("Hazard"), 36),
    Column(_("Number of the case"), 18),
    Column(_("Supervising bureau"), 22),
    Column(_("Supervising person"), 12),
    Column(_("Who answers for it at the school"), 26),
    Column(_("Issued"), 18, "time"),
    Column(_("First term"), 12, "date"),
    Column(_("End of the term"), 12, "date"),
    Column(_("Progress reports"), 12),
    Column(_("Reports made"), 10, "number"),
    Column(_("of these late"), 10, "number"),
    Column(_("Next report"), 12, "date"),
    Column(_("Published"), 18, "time"),
    Column(_("Ground"), 20),
    Column(_("Delisting"), 26),
    Column(_("Delisted"), 18, "time"),
    Column(_("Delisting published"), 18, "time"),
]
FIELDS = [
    "number", "level", "status", "school__name", "hazard__title", "hazard__number", "organisation__name",
    "supervisor__name", "responsible", "issued_at", "first_due_on", "due_on", "cycle", "n_reports", "n_late",
    "next_report_on", "published_at", "ground", "delisting_number", "delisted_at", "delisting_published_at",
]  # fmt: skip


def workbook_rows(listings):
    """One list a listing in the order of HEADS, newest first."""
    counted = listings.annotate(
        n_reports=Count("reports", distinct=True),
        n_late=Count("reports", filter=Q(reports__is_late=True), distinct=True),
    )
    levels, states = dict(ListingLevel.choices), dict(ListingStatus.choices)
    grounds, cycles = dict(Ground.choices), dict(Cycle.choices)
    for row in counted.order_by("-created_at", "-pk").values(*FIELDS).iterator(chunk_size=2000):
        row["level"], row["status"] = str(levels[row["level"]]), str(states[row["status"]])
        row["cycle"], row["ground"] = str(cycles[row["cycle"]]), str(grounds.get(row["ground"], ""))
        yield [row[name] for name in FIELDS]


REPORT_HEADS = [
    Column(_("Number"), 26),
    Column(_("School"), 26),
    Column(_("Hazard"), 36),
    Column(_("Due on"), 12, "date"),
    Column(_("Reported at"), 18, "time"),
    Column(_("By whom"), 12),
    Column(_("Late"), 8),
    Column(_("What was done since the last report"), 40),
    Column(_("What comes next, and what is in the way"), 30),
    Column(_("How it is kept safe meanwhile"), 30),
    Column(_("Money spent so far (yuan)"), 14, "money"),
    Column(_("State"), 10),
    Column(_("Answer"), 30),
    Column(_("Answered by"), 12),
]


def report_rows(listings):
    """One list a progress report of these listings in the order of REPORT_HEADS, newest first."""
    names = [
        "listing__number", "listing__school__name", "listing__hazard__title", "due_on", "made_at",
        "made_by__name", "is_late", "text", "plan_ahead", "protection", "funds_spent", "state", "answer",
        "read_by__name",
    ]  # fmt: skip
    states = dict(ReportState.choices)
    rows = ProgressReport.objects.filter(listing__in=listings.order_by().values("pk"))
    for row in rows.order_by("-made_at", "-pk").values(*names).iterator(chunk_size=2000):
        row["is_late"] = str(_("Overdue")) if row["is_late"] else ""
        row["state"] = str(states[row["state"]])
        yield [row[name] for name in names]


PUBLIC_COLUMNS = [
    "number", "status", "due_on", "issued_at", "public_what", "public_where", "public_advice",
    "delisted_at", "delisting_published_at", "school__name", "organisation__name",
]  # fmt: skip


def public_listings(now, words=""):
    """What everybody may read: what is published, also half a year after its delisting; by school's name."""
    rows = Listing.objects.published().exclude(delisting_published_at__lt=now - timedelta(days=PUBLIC_DAYS))
    return rows.filter(school__name__icontains=words) if words else rows


def public_row(row):
    """One published listing as everybody reads it. It counts as ended once that is published too."""
    has_ended = bool(row["delisting_published_at"])
    return {
        "pk": row["pk"], "number": row["number"], "what": row["public_what"], "where": row["public_where"],
        "advice": row["public_advice"], "school": row["school__name"], "bureau": row["organisation__name"],
        "since": timezone.localdate(row["issued_at"]), "due_on": row["due_on"], "has_ended": has_ended,
        "ended_on": timezone.localdate(row["delisted_at"]) if has_ended else None,
    }  # fmt: skip


def signs_at(organisation, user):
    """The running listings of a school, as far as this person sees them (one query)."""
    if not organisation.is_school:
        return []
    rows = Listing.objects.visible_to(user).running().filter(school=organisation)
    return list(rows.select_related("hazard").order_by("pk"))


def _roles(user):
    return {role for _path, role in user.posts}
