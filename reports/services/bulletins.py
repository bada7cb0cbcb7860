"""The verbs of the bulletin: edited, approved, numbered, issued, read. Figures are never typed in."""

import hashlib

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from hazards.workflow import NotAllowed
from schoolsafety.core import jobs
from schoolsafety.core.audit import canonical, record_event
from schoolsafety.core.models import Anchor, Organisation, User
from schoolsafety.core.notifications import notify, settle
from schoolsafety.core.numbering import paper_number
from schoolsafety.core.papers import issue_paper
from schoolsafety.core.pdf.text import chinese_date
from schoolsafety.core.preferences import preference
from schoolsafety.core.roles import BUREAU_LEADERS
from schoolsafety.core.workdays import calendar_for

from ..figures.bulletin import bulletin_figures
from ..models import Bulletin, BulletinReceipt
from ..papers.bulletin import bulletin_paper
from ..papers.prose import SECTIONS, sections_of
from ..workflow import (
    BULLETIN_RULES,
    BUREAU,
    WRITERS,
    BulletinAction,
    BulletinStatus,
    standing_of,
    target_of,
)
from .weekly import EditedMeanwhile

HEAD = ("title", "recipients", "copies")


@transaction.atomic
def edit(bulletin, *, actor, values, version, now):
    """Save title, addressees and the words of the sections; `version` is the one that was read."""
    bulletin = _begin(bulletin, BulletinAction.WRITE, actor)
    if bulletin.version != version:
        raise EditedMeanwhile(bulletin)
    for name in HEAD:
        setattr(bulletin, name, values[name].strip())
    bulletin.sections = {name: values[name].strip() for name in SECTIONS}
    bulletin.version += 1
    bulletin.save(update_fields=[*HEAD, "sections", "version"])
    return _finish(bulletin, BulletinAction.WRITE, actor, now)


@transaction.atomic
def redraw(bulletin, *, actor, now):
    """Draw the figures again. Sections that nobody changed follow them, the others keep their words."""
    bulletin = _begin(bulletin, BulletinAction.REFRESH, actor)
    before = sections_of(bulletin.figures)
    bulletin.figures = bulletin_figures(bulletin.organisation, bulletin.month, on=localdate(now))
    after = sections_of(bulletin.figures)
    bulletin.sections = {
        name: after[name] if bulletin.sections.get(name) == before[name] else bulletin.sections.get(name, "")
        for name in SECTIONS
    }
    bulletin.drafted_at, bulletin.version = now, bulletin.version + 1
    bulletin.save(update_fields=["figures", "sections", "drafted_at", "version"])
    return _finish(bulletin, BulletinAction.REFRESH, actor, now)


@transaction.atomic
def submit_bulletin(bulletin, *, actor, now):
    """Hand the draft to the leader."""
    bulletin = _begin(bulletin, BulletinAction.SUBMIT, actor)
    empty = [name for name in ("situation", "demands") if not bulletin.sections.get(name)]
    if empty:
        raise ValidationError({name: _("This section cannot be empty.") for name in empty})
    bulletin.submitted_by = actor
    bulletin.save(update_fields=["status", "submitted_by"])
    _tell(bulletin, BUREAU_LEADERS, _("To approve: %(title)s") % {"title": bulletin.title}, actor, now)
    return _finish(bulletin, BulletinAction.SUBMIT, actor, now)


@transaction.atomic
def send_back_bulletin(bulletin, *, actor, note, now):
    """The leader gives it back with a reason."""
    note = (note or "").strip()
    if not note:
        raise ValidationError({"note": _("Please give the reason.")})
    bulletin = _begin(bulletin, BulletinAction.SEND_BACK, actor)
    bulletin.approved_at = bulletin.approved_by = None
    bulletin.save(update_fields=["status", "approved_at", "approved_by"])
    text = _("The bulletin came back: %(note)s") % {"note": note}
    _tell(bulletin, BUREAU, text, actor, now)
    return _finish(bulletin, BulletinAction.SEND_BACK, actor, now, note=note)


@transaction.atomic
def approve(bulletin, *, actor, now):
    """The leader approves the text and the figures as they stand."""
    bulletin = _begin(bulletin, BulletinAction.APPROVE, actor)
    bulletin.approved_at, bulletin.approved_by = now, actor
    bulletin.save(update_fields=["status", "approved_at", "approved_by"])
    _tell(bulletin, BUREAU, _("Approved, to be issued: %(title)s") % {"title": bulletin.title}, actor, now)
    return _finish(bulletin, BulletinAction.APPROVE, actor, now)


@transaction.atomic
def issue(bulletin, *, actor, now):
    """Give the number, freeze the paper, open a receipt for everyone below; nothing changes afterwards."""
    bulletin = _begin(bulletin, BulletinAction.ISSUE, actor)
    bureau, today = bulletin.organisation, localdate(now)
    bulletin.issued_at, bulletin.issued_by = now, actor
    bulletin.read_due_on = calendar_for(bureau).add(today, preference(bureau, "bulletin.reading_days"))
    try:
        bulletin.number = paper_number(bureau, "bulletin", today.year)
    except ValueError as error:
        raise ValidationError(
            _("The bureau has no mark for its papers; an administrator sets it.")
        ) from error
    data = bulletin_paper(bulletin, issued_on=today, anchor=anchor_line())
    bulletin.paper = issue_paper(
        bulletin, kind="bulletin", organisation=bureau, title=bulletin.title, number=bulletin.number,
        template="papers/official.html", data=data, now=now, actor=actor,
    )  # fmt: skip
    bulletin.save(update_fields=["status", "number", "issued_at", "issued_by", "read_due_on", "paper"])
    readers = Organisation.objects.below(bureau).exclude(pk=bureau.pk).open_on(today)
    BulletinReceipt.objects.bulk_create(
        [
            BulletinReceipt(bulletin=bulletin, organisation=each)
            for each in readers
            if each.is_school or each.is_bureau
        ],
        batch_size=500,
    )
    jobs.enqueue(
        "reports.tell_bulletin", now=now, key=f"reports.tell_bulletin:{bulletin.pk}", bulletin=bulletin.pk
    )
    digest = hashlib.sha256(canonical(bulletin.figures).encode()).hexdigest()
    return _finish(
        bulletin,
        BulletinAction.ISSUE,
        actor,
        now,
        number=bulletin.number,
        figures=digest,
        paper=bulletin.paper.sha256,
    )


@transaction.atomic
def confirm_reading(bulletin, *, actor, now):
    """Confirm for each organisation where the actor holds a writing post; returns how many. Twice is once."""
    if not Bulletin.objects.filter(pk=bulletin.pk, status=BulletinStatus.ISSUED).exists():
        raise NotAllowed(_("Only an issued bulletin can be read."))
    receipts = BulletinReceipt.objects.select_for_update(of=("self",)).filter(
        pk__in=[receipt.pk for receipt in unread_by(bulletin, actor)], read_at=None
    )
    rows = list(receipts.select_related("organisation"))
    for receipt in rows:
        receipt.read_at, receipt.read_by = now, actor
        receipt.save(update_fields=["read_at", "read_by"])
        record_event(
            bulletin, "reports.read_bulletin", organisation=receipt.organisation, actor=actor,
            post=actor.post_for(receipt.organisation, WRITERS),
        )  # fmt: skip
    return len(rows)


def unread_by(bulletin, user):
    """The open receipts that this person may sign: those of organisations where they hold a writing post."""
    paths = {path for path, role in user.posts if role in WRITERS}
    return bulletin.receipts.filter(read_at=None, organisation__path__in=paths).select_related("organisation")


def anchor_line():
    """The newest daily anchor of the log, so that the figures can be checked against it; or ""."""
    anchor = Anchor.objects.last()
    if anchor is None:
        return ""
    day = chinese_date(anchor.day)
    return f"数据校验：本通报数据出自系统业务记录，{day}操作日志锚定摘要（SHA-256）为{anchor.hash}。"


def tell_readers(bulletin, *, now):
    """Tell the writing people of every receipt that is still open; nobody twice. Returns how many."""
    waiting = bulletin.receipts.filter(read_at=None).values("organisation")
    people = User.objects.filter(
        is_active=True, held_posts__organisation__in=waiting, held_posts__role__in=WRITERS
    ).distinct()
    text = _("Bulletin to read: %(title)s") % {"title": bulletin.title}
    return notify(
        people, "reports.issue_bulletin", text, url=bulletin.get_absolute_url(), now=now,
        organisation=bulletin.organisation, key=f"reports.bulletin:{bulletin.pk}",
    )  # fmt: skip


def _begin(bulletin, action, actor):
    fresh = (
        Bulletin.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=bulletin.pk)
    )
    standing = standing_of(actor.posts, fresh.organisation.path)
    fresh.status = target_of(BULLETIN_RULES, action, fresh.status, standing)
    return fresh


def _tell(bulletin, roles, text, actor, now):
    url = bulletin.get_absolute_url()
    settle(url)
    people = User.objects.holding(roles, bulletin.organisation, localdate(now)).exclude(pk=actor.pk)
    notify(
        people,
        "reports.bulletin",
        text,
        url=url,
        now=now,
        organisation=bulletin.organisation,
        needs_action=True,
    )


def _finish(bulletin, action, actor, now, *, note="", **changes):
    if action == BulletinAction.ISSUE:
        settle(bulletin.get_absolute_url())
    record_event(
        bulletin, f"reports.{action}_bulletin", organisation=bulletin.organisation, actor=actor, note=note,
        post=actor.post_for(bulletin.organisation, BULLETIN_RULES[action].roles),
        month=bulletin.month, **changes,
    )  # fmt: skip
    return bulletin
