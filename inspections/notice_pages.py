"""What the pages of notices show: choice by school, items with their hazards, the next step. Reads only."""

from django.utils import timezone
from django.utils.translation import gettext as _

from hazards.models import LegalBasis
from hazards.workflow import Status, state_word
from schoolsafety.core import files
from schoolsafety.core.audit import history_of
from schoolsafety.core.history import lines_of

from . import documents
from .services import notices
from .workflow import ItemResult, NoticeAction, NoticeStatus

PRIMARY = {
    NoticeStatus.DRAFT: NoticeAction.ISSUE,
    NoticeStatus.ISSUED: NoticeAction.SIGN_FOR,
    NoticeStatus.RECEIVED: NoticeAction.REPLY,
    NoticeStatus.REFUSED: NoticeAction.SIGN_FOR,
    NoticeStatus.REPLIED: NoticeAction.REVIEW,
}
KINDS = {NoticeStatus.REVIEWED: "done", NoticeStatus.WITHDRAWN: "wait"}


def choice_by_school(rows):
    """[{school, rows: [{hazard, reason}]}] of the chosen hazards, in the order of the schools' codes."""
    bad = notices.refusals(rows)
    groups = {}
    for row in sorted(rows, key=lambda row: (row.school.code, row.pk)):
        line = {"hazard": row, "reason": bad.get(row.pk, ""), "state": _state(row)}
        groups.setdefault(row.school, []).append(line)
    return [{"school": school, "rows": lines} for school, lines in groups.items()]


def detail_of(notice, user):
    """The context of a notice's page; `notice` is loaded with the people and the school's superior."""
    actions = notices.actions_of(notice, user)
    items = items_of(notice)
    return {
        "notice": notice, "items": items, "lines": lines_of(history_of(notice)),
        "next": _next(notice, actions),
        "kind": KINDS.get(notice.status, "todo" if actions else "wait"), "facts": _facts(notice),
        "to_close": [line["hazard"] for line in items if _is_to_close(notice, line)],
        "not_handed_in": [line["hazard"] for line in items if _is_not_handed_in(line)],
    }  # fmt: skip


def items_of(notice):
    """[{item, hazard, state, photos}] in order: photos of after, two queries for all."""
    items = list(notice.items.select_related("hazard__school"))
    photos = files.photos_for([item.hazard for item in items], "after")
    return [
        {"item": item, "hazard": item.hazard, "state": _state(item.hazard), "photos": photos[item.hazard_id]}
        for item in items
    ]


def paper_of(notice, items, *, actor, now):
    """The data of the paper for reading in the browser: as issued, or as the draft stands now."""
    if notice.paper_id:
        return notice.paper.data
    return documents.draft_of(notice, items, actor=actor, now=now)


def clauses_for(notice, items):
    """([(text, label)], [(text, label)]): clauses in force for the categories of these items or chosen
    already, and all others."""
    chosen = {line.strip() for line in notice.basis.splitlines()}
    categories = {item.hazard.category_id for item in items}
    near, far = [], []
    for basis in LegalBasis.objects.in_force(notice.checked_on).prefetch_related("categories"):
        label = str(basis) + ("" if basis.is_verified else _(" (not checked against the official text)"))
        fits = str(basis) in chosen or categories & {category.pk for category in basis.categories.all()}
        (near if fits else far).append((str(basis), label))
    return near, far


def _state(hazard):
    return state_word(hazard.status, hazard.grade, hazard.proposed_grade)


def _is_to_close(notice, line):
    return notice.status == NoticeStatus.REVIEWED and line["hazard"].status == Status.VERIFIED


def _is_not_handed_in(line):
    is_waiting = line["hazard"].status in {Status.PLANNING, Status.SIGNED, Status.RECTIFYING}
    return line["item"].result == ItemResult.DONE and is_waiting


def _next(notice, actions):
    """{sentence, primary, others} for components/next_step.html."""
    links = {
        action: {"url": f"{notice.get_absolute_url()}{ADDRESSES[action]}/", "label": action.label}
        for action in actions
    }
    first = PRIMARY.get(notice.status)
    if first not in links:
        first = NoticeAction.REVIEW if NoticeAction.REVIEW in links else None
    return {
        "sentence": _sentence(notice), "primary": links.pop(first, None), "others": list(links.values())
    }  # fmt: skip


ADDRESSES = {
    NoticeAction.EDIT: "edit", NoticeAction.ISSUE: "issue", NoticeAction.DISCARD: "discard",
    NoticeAction.SIGN_FOR: "sign-for", NoticeAction.RECORD_REFUSAL: "refusal", NoticeAction.REPLY: "reply",
    NoticeAction.REVIEW: "review", NoticeAction.WITHDRAW: "withdraw",
}  # fmt: skip


def _sentence(notice):
    days = {"reply": notice.reply_due_on, "review": notice.review_on, "note": notice.withdrawal_note}
    match notice.status:
        case NoticeStatus.DRAFT:
            return _("Look it over and issue it; it gets its number then.")
        case NoticeStatus.ISSUED:
            return _("The school signs for it, then answers by %(reply)s.") % days
        case NoticeStatus.REFUSED:
            return _("It counts as delivered. The bureau re-checks on %(review)s.") % days
        case NoticeStatus.RECEIVED:
            return _("The school answers item by item by %(reply)s.") % days
        case NoticeStatus.REPLIED:
            return _("The bureau re-checks by %(review)s.") % days
        case NoticeStatus.WITHDRAWN if notice.number:
            return _("Withdrawn and void: %(note)s") % days
        case NoticeStatus.WITHDRAWN:
            return _("The draft was discarded.")
    return _("Re-checked. What is verified still has to be written off on its own page.")


def _facts(notice):
    received = [notice.received_by, notice.received_post, _moment(notice.received_at)]
    return [
        (_("School"), notice.school.name), (_("Issued by"), notice.bureau.name),
        (_("Checked on"), f"{notice.checked_on:%Y-%m-%d}"), (_("Inspectors"), notice.inspectors),
        (_("Legal basis"), "；".join(notice.basis.splitlines())),
        (_("Temporary protection"), notice.protection),
        (_("Reply by"), f"{notice.reply_due_on:%Y-%m-%d}"),
        (_("Re-check on"), f"{notice.review_on:%Y-%m-%d}"),
        (_("Signed for"), " · ".join(str(part) for part in received if part)),
        (_("Receipt refused"), notice.refusal_note), (_("Witness"), notice.refusal_witness),
        (_("Re-checked by"), notice.reviewers), (_("Conclusion"), notice.conclusion),
        (_("Contact"), notice.contact),
    ]  # fmt: skip


def _moment(at):
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else ""
