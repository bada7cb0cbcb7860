"""Reads for lists, counts and duties: what waits for whom. Every function starts from a queryset in scope."""

from django.db.models import Count, F, Q

from schoolsafety.core.models import Organisation
from schoolsafety.core.models.organisation import Kind
from schoolsafety.core.roles import BUREAU_ROLES, Role

from .models import Bulletin, WeeklyReport
from .workflow import BUREAU, HEADS, WRITERS, BulletinStatus, WeeklyStatus

PAGE = 50
READERS = BUREAU_ROLES | {Role.AUDITOR}


def paths_with(user, roles):
    """The paths at which this person holds one of `roles`, the highest first."""
    return sorted({path for path, role in user.posts if role in roles})


def own_bureau(user):
    """The highest bureau in which this person reads reports; None for people of schools. One query."""
    paths = paths_with(user, READERS)
    return (
        Organisation.objects.visible_to(user).filter(path__in=paths).order_by("path").first()
        if paths
        else None
    )


def waiting_weekly(user):
    """Weekly reports that wait for an act of this person: their own to write or sign, others' to receive."""
    writing = Q(status=WeeklyStatus.DRAFT, organisation__path__in=paths_with(user, WRITERS - HEADS))
    signing = Q(status=WeeklyStatus.SUBMITTED, organisation__path__in=paths_with(user, HEADS))
    receiving = Q(status=WeeklyStatus.SIGNED, organisation__parent__path__in=paths_with(user, BUREAU))
    return WeeklyReport.objects.visible_to(user).filter(writing | signing | receiving)


def waiting_bulletins(user):
    """Bulletins to finish, approve or issue in one's own bureau, and those to read."""
    leaders = paths_with(user, HEADS & BUREAU)
    staff = paths_with(user, BUREAU - HEADS)
    own = Q(status=BulletinStatus.REVIEW, organisation__path__in=leaders) | Q(
        status__in=[BulletinStatus.DRAFT, BulletinStatus.APPROVED], organisation__path__in=staff
    )
    return Bulletin.objects.visible_to(user).filter(own | Q(pk__in=unread_bulletins(user).values("pk")))


def unread_bulletins(user):
    """Issued bulletins that an organisation of this person has not confirmed yet."""
    paths = paths_with(user, WRITERS)
    return Bulletin.objects.visible_to(user).filter(
        status=BulletinStatus.ISSUED, receipts__read_at=None, receipts__organisation__path__in=paths
    ).distinct()  # fmt: skip


STATES = {
    "missing": Q(signed_at=None),
    "late": Q(signed_at__gt=F("due_at")),
    "receive": Q(status=WeeklyStatus.SIGNED),
    "received": Q(status=WeeklyStatus.RECEIVED),
}


def below_in_week(user, bureau, monday):
    """The week's reports right below a bureau, in the order of their codes."""
    rows = WeeklyReport.objects.visible_to(user).filter(organisation__parent=bureau, week_start=monday)
    return rows.select_related("organisation").order_by("organisation__code")


def newest_week(user, bureau):
    """The Monday of the newest week drafted right below a bureau; None before the first."""
    rows = WeeklyReport.objects.visible_to(user).filter(organisation__parent=bureau)
    return rows.order_by("-week_start").values_list("week_start", flat=True).first()


def sending_counts(rows):
    """{all, missing, late, receive, received}: one query."""
    counts = rows.order_by().aggregate(
        all=Count("pk"), **{name: Count("pk", filter=condition) for name, condition in STATES.items()}
    )
    return counts


def page_by_code(rows, request):
    """(rows, address of the next page or None, address of the first page or None), by `?from=CODE`."""
    start = request.GET.get("from", "")
    chosen = list((rows.filter(organisation__code__gt=start) if start else rows)[: PAGE + 1])
    more, chosen = len(chosen) > PAGE, chosen[:PAGE]
    query = request.GET.copy()
    query.pop("from", None)
    first = f"?{query.urlencode()}" if start else None
    if more:
        query["from"] = chosen[-1].organisation.code
    return chosen, f"?{query.urlencode()}" if more else None, first


def reading_counts(bulletin):
    """{all, read, late} over the receipts of one bulletin: one query."""
    late = Q(read_at__date__gt=bulletin.read_due_on) if bulletin.read_due_on else Q(pk=None)
    return bulletin.receipts.aggregate(
        all=Count("pk"), read=Count("pk", filter=Q(read_at__isnull=False)), late=Count("pk", filter=late)
    )


def overview_units(user):
    """The bureaus and schools whose overview this person may see."""
    looked_at = user.scope(roles=READERS | {Role.PRINCIPAL})
    return Organisation.objects.visible_to(user).filter(looked_at).exclude(kind=Kind.PARTNER)
