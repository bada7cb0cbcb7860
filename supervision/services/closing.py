"""The close-out sheet (销号单), one a closure, and what keeps a hazard from being written off."""

from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from hazards.models import Hazard, RectificationPlan
from hazards.workflow import BUREAU, WRITE_OFF_CLOSURES, Action, Grade, NotAllowed, Status
from inspections.models import NoticeItem
from inspections.workflow import NoticeStatus
from schoolsafety.core import files, jobs
from schoolsafety.core.audit import history_of, record_event
from schoolsafety.core.models import Attachment, ChainHead, Organisation
from schoolsafety.core.numbering import paper_number
from schoolsafety.core.papers import issue_paper
from schoolsafety.core.pdf import blocks
from schoolsafety.core.pdf.rendering import photo_data_uri
from schoolsafety.core.roles import BUREAU_ROLES, Role

from ..models import CloseOut
from ..papers import closing as papers

JOB = "supervision.close_out_sheet"
ASKERS = BUREAU | {Role.PRINCIPAL}
MOST_PHOTOS = 4  # of each kind on the sheet
# What other parts know when the sheet is made: f(hazard) -> {"listing": text, "look_back": text}.
SHEET_FACTS: list[Callable] = []
ISSUED = [NoticeStatus.ISSUED, NoticeStatus.RECEIVED, NoticeStatus.REFUSED, NoticeStatus.REPLIED]


def notice_lock(hazard):
    """No close-out while a notice that orders this hazard waits for its reply or its re-check (one query)."""
    item = NoticeItem.objects.filter(hazard=hazard, is_current=True, notice__status__in=ISSUED)
    item = item.select_related("notice").first()
    if item is None:
        return ""
    words = {"number": item.notice.number}
    if item.notice.status == NoticeStatus.REPLIED:
        return _("Re-check the notice %(number)s first.") % words
    if item.notice.status == NoticeStatus.REFUSED:
        return _("The notice %(number)s was refused and is not re-checked yet.") % words
    return _("The school has not answered the notice %(number)s yet.") % words


def plan_lock(hazard):
    """No close-out of a major hazard whose plan, as it stands, the bureau has not accepted (one query)."""
    if hazard.grade != Grade.MAJOR:
        return ""
    is_accepted = RectificationPlan.objects.filter(hazard=hazard, accepted_at__isnull=False).exists()
    return "" if is_accepted else _("The bureau has not accepted the plan as it stands.")


def follow_close(move, *, actor, now):
    """Each major hazard written off gets its numbered sheet at once; the worker draws the PDF."""
    if move.action == Action.CLOSE and move.hazard.grade == Grade.MAJOR:
        row = _keep(move.hazard, actor, now)
        jobs.enqueue(
            JOB, now=now, key=f"{JOB}:{row.pk}", organisation=row.organisation, requested_by=actor,
            close_out=row.pk,
        )  # fmt: skip


@transaction.atomic
def issue(hazard, *, actor, now):
    """The sheet of a hazard that is written off, with its PDF; asked twice it is the same CloseOut.

    Raises NotAllowed for anybody but the bureau and the principal, and for a hazard that is open or was
    ended in another way (dismissed, transferred, merged).
    """
    hazard = Hazard.objects.select_for_update(of=("self",)).select_related("school").get(pk=hazard.pk)
    if reason := refusal(hazard, actor):
        raise NotAllowed(reason)
    row = CloseOut.objects.filter(hazard=hazard, turn=hazard.reopened_count).first()
    return render(row or _keep(hazard, actor, now), actor=actor, now=now)


def refusal(hazard, user):
    """Why this person gets no sheet of this hazard, in words; "" if they do."""
    if hazard.status != Status.CLOSED:
        return _("The hazard is not written off yet.")
    if hazard.closure not in WRITE_OFF_CLOSURES:
        return _("Only what was written off has a close-out sheet.")
    if not user.roles_at(hazard.school) & ASKERS:
        return _("The bureau or the principal issues the sheet.")
    return ""


@transaction.atomic
def render(row, *, now, actor=None):
    """Draw the PDF of a sheet once; returns the CloseOut with its paper."""
    row = CloseOut.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if row.paper_id:
        return row
    more: dict = {}
    for known in SHEET_FACTS:
        more |= known(row.hazard)
    pictures = Attachment.objects.in_bulk(row.photos)
    shown = [pictures[pk] for pk in row.photos if pk in pictures]
    data = papers.sheet(
        row.facts, number=row.number, issuer=row.organisation.name, more=more,
        before=[_picture(photo) for photo in shown if photo.purpose == "before"],
        after=[_picture(photo) for photo in shown if photo.purpose == "after"],
    )  # fmt: skip
    row.paper = issue_paper(
        row, kind="close_out", organisation=row.organisation, addressee=row.school, number=row.number,
        title=f"{papers.TITLE}（{row.facts['ledger']}）", template=papers.TEMPLATE, data=data, now=now,
        actor=actor or row.issued_by,
    )  # fmt: skip
    row.save(update_fields=["paper"])
    return row


def _keep(hazard, actor, now):
    """Number the sheet and freeze what it says."""
    # A close-out holds the school's chain when it comes here; whoever asks later takes the same order.
    ChainHead.objects.get_or_create(organisation=hazard.school)
    ChainHead.objects.select_for_update().get(organisation=hazard.school)
    bureau = _issuer(hazard.school, actor)
    year = timezone.localdate(now).year
    row = CloseOut.objects.create(
        hazard=hazard, turn=hazard.reopened_count, school=hazard.school, organisation=bureau,
        number=paper_number(bureau, "close_out", year) if bureau.paper_code else None,
        closed_on=hazard.closed_on, issued_at=now, issued_by=actor, facts=_facts(hazard),
        photos=[photo.pk for purpose in ("before", "after") for photo in _photos(hazard, purpose)],
    )  # fmt: skip
    record_event(
        hazard, "supervision.close_out", organisation=hazard.school, actor=actor, number=row.number,
        post=actor.post_for(hazard.school, ASKERS),
    )  # fmt: skip
    return row


def _issuer(school, actor):
    """Whose series counts the sheet: the acting bureau, or the nearest one that has a mark for its papers."""
    above = Organisation.objects.filter(pk__in=school.path_ids()).exclude(pk=school.pk)
    bureaus = sorted(above, key=lambda place: len(place.path), reverse=True)
    own = {path for path, role in actor.posts if role in BUREAU_ROLES}
    marked = [place for place in bureaus if place.paper_code]
    fitting = [place for place in marked if place.path in own] or marked or bureaus
    if not fitting:
        raise ValidationError(_("There is no bureau above this school."))
    return fitting[0]


def _facts(hazard):
    items = NoticeItem.objects.filter(hazard=hazard, notice__number__isnull=False)
    notices = [item.notice for item in items.select_related("notice").order_by("pk")]
    closed = next((event for event in history_of(hazard) if event.verb == "hazards.close"), None)
    words = getattr(closed, "words", None)
    return papers.facts_of(
        hazard, plan=RectificationPlan.objects.filter(hazard=hazard).first(),
        notices=[notice.number for notice in notices if notice.status != NoticeStatus.WITHDRAWN],
        reviewers=next((notice.reviewers for notice in reversed(notices) if notice.reviewers), ""),
        remark=words.text if words else "",
    )  # fmt: skip


def _photos(hazard, purpose):
    """The newest photos of one purpose, oldest first."""
    rows = files.attachments_of(hazard, purpose).filter(kind=Attachment.Kind.PHOTO)
    return list(rows)[-MOST_PHOTOS:]


def _picture(photo):
    day = f"{timezone.localdate(photo.taken_at or photo.uploaded_at):%Y-%m-%d}"
    return blocks.photo(photo_data_uri(files.read(photo.thumbnail or photo.file)), day)
