"""What the pages of listings show: state, flags, next step, facts, reports with their photos. Reads only."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hazards.workflow import BUREAU, Grade
from schoolsafety.core import files
from schoolsafety.core.audit import history_of
from schoolsafety.core.history import lines_of
from schoolsafety.core.models import User

from .listing_lists import SOON_DAYS
from .models import Listing
from .papers import listing as documents
from .services import listing_drafting, listing_shared
from .workflow.listing import (
    LISTABLE,
    RUNNING,
    ListingAction,
    ListingLevel,
    ListingStatus,
    ReportState,
)

S, A = ListingStatus, ListingAction
MOST_REPORTS = 12
PRIMARY = [
    A.ISSUE, A.DECIDE_EXTENSION, A.JUDGE, A.DELIST, A.PUBLISH_DELISTING, A.APPLY, A.REPORT, A.EDIT,
]  # fmt: skip
REPORT_KINDS = {ReportState.SENT: "wait", ReportState.READ: "done", ReportState.RETURNED: "late"}


def row_of(row, today):
    """One row of the list, ready for the template, from a dict of listing_lists.COLUMNS."""
    status = row["status"]
    return {
        "url": reverse("supervision:listing", args=[row["pk"]]),
        "number": row["number"] or _("Draft listing"),
        "title": row["hazard__title"],
        "school": row["school__short_name"] or row["school__name"],
        "bureau": row["organisation__short_name"] or row["organisation__name"],
        "level": ListingLevel(row["level"]).label,
        "state": S(status).label,
        "kind": kind_of(status),
        "flags": flags_of(row, today),
        "due": row["due_on"],
        "next": row["next_report_on"] if status == S.LISTED else None,
    }


def kind_of(status):
    """The look of the state's word."""
    return {S.DELISTED: "done", S.WITHDRAWN: "wait", S.DRAFT: "wait"}.get(status, "late")


def flags_of(row, today):
    """(kind, text) pairs beside the state: report late, term, extended, not published."""
    flags, status = [], row["status"]
    if status == S.LISTED and row["next_report_on"] and row["next_report_on"] < today:
        n = (today - row["next_report_on"]).days
        flags.append(("late", _("report %(n)d days late") % {"n": n}))
    left = (row["due_on"] - today).days
    if status in {S.LISTED, S.APPLIED} and left < 0:
        flags.append(("late", _("term over for %(n)d days") % {"n": -left}))
    elif status in RUNNING and left <= SOON_DAYS:
        flags.append(("warn", _("%(n)d days left") % {"n": left}))
    if row["first_due_on"] and row["due_on"] > row["first_due_on"]:
        flags.append(("wait", _("extended to %(day)s") % {"day": row["due_on"]}))
    if status in RUNNING and not row["published_at"]:
        is_late = bool(row["publish_due_on"] and row["publish_due_on"] < today)
        flags.append(("late" if is_late else "wait", _("not published")))
    if status == S.DELISTED and row["published_at"] and not row["delisting_published_at"]:
        flags.append(("wait", _("delisting not published")))
    return flags


def detail_of(listing, user, now):
    """The context of a listing's page; `listing` is loaded with hazard, school, bureau and people."""
    facts = listing_shared.facts_of(listing, user)
    actions = [a for a in A if a != A.ANSWER and not listing_shared.refusal(listing, a, user, facts)]
    may_answer = listing_shared.refusal(listing, A.ANSWER, user, facts) is None
    row = {name: getattr(listing, name) for name in HEAD}
    return {
        "listing": listing, "look": {"kind": kind_of(listing.status), "flags": flags_of(row, _today(now))},
        "next": next_step(listing, actions), "facts": facts_list(listing), "stages": listing.stages.all(),
        "reports": reports_of(listing, may_answer), "public": _public(listing),
        "extensions": listing.extensions.select_related("asked_by", "decided_by"),
        "acceptances": listing.acceptances.select_related("applied_by", "held_by"),
        "files": list(files.attachments_of(listing)), "lines": lines_of(history_of(listing)),
        "today": _today(now),
    }  # fmt: skip


HEAD = [
    "status", "next_report_on", "due_on", "first_due_on", "published_at", "publish_due_on",
    "delisting_published_at",
]  # fmt: skip


def reports_of(listing, may_answer):
    """The newest progress reports with their photos (two queries); an address where one may be answered."""
    return report_lines(listing.reports.select_related("made_by", "read_by")[:MOST_REPORTS], may_answer)


def report_lines(reports, may_answer):
    """[{report, photos, kind, url}] of progress reports, their photos in one query."""
    reports = list(reports)
    photos = files.photos_for(reports)
    return [
        {
            "report": report, "photos": photos[report.pk], "kind": REPORT_KINDS[report.state],
            "url": reverse("supervision:listing_report", args=[report.pk])
            if may_answer and report.state == ReportState.SENT else "",
        }
        for report in reports
    ]  # fmt: skip


def next_step(listing, actions):
    """{sentence, primary, others} for components/next_step.html."""
    links = {action: {"url": address(listing, action), "label": action.label} for action in actions}
    first = next((action for action in PRIMARY if action in links and _is_apt(action, listing)), None)
    return {
        "sentence": _sentence(listing), "primary": links.pop(first, None), "others": list(links.values())
    }  # fmt: skip


def address(listing, action):
    """The page of an act."""
    return reverse("supervision:listing_act", args=[listing.pk, action.value])


def _is_apt(action, listing):
    """Apply comes first once the rectification is handed in; before that the report does."""
    return action != A.APPLY or listing.hazard.status not in LISTABLE


def _sentence(listing):
    days = {
        "report": listing.next_report_on, "term": listing.due_on, "bureau": listing.organisation.label,
    }  # fmt: skip
    match listing.status:
        case S.DRAFT:
            return _("Look it over; a leader issues it, and it gets its number then.")
        case S.LISTED if listing.hazard.status not in LISTABLE:
            return _("The rectification is handed in: the school applies for the acceptance.")
        case S.LISTED:
            return _("The school reports progress by %(report)s; the term ends on %(term)s.") % days
        case S.APPLIED:
            return _("Two people of %(bureau)s accept on site, none of whom handed it in.") % days
        case S.ACCEPTED:
            return _("Accepted; a leader of %(bureau)s delists it, then the hazard can be closed.") % days
        case S.DELISTED if listing.published_at and not listing.delisting_published_at:
            return _("Delisted; the public page still has to say so.")
        case S.WITHDRAWN:
            return _("The draft was withdrawn; nothing was issued.")
    return _("The supervision has ended.")


def facts_list(listing):
    """(label, value) pairs of the page's facts."""
    plan_by = f"{listing.plan_due_on:%Y-%m-%d}" if listing.plan_due_on else ""
    return [
        (_("Hazard"), f"{listing.hazard.number} {listing.hazard.title}"),
        (_("School"), listing.school.name),
        (_("Who answers for it at the school"), listing.responsible),
        (_("Supervising bureau"), f"{listing.organisation.name} · {listing.get_level_display()}"),
        (_("Supervising person"), str(listing.supervisor)),
        (_("Term"), f"{_day(listing.issued_at)} – {listing.due_on:%Y-%m-%d}"),
        (_("Progress reports"), listing.get_cycle_display()),
        (_("Basis of the listing"), listing.basis),
        (_("State and cause"), listing.situation),
        (_("What is demanded"), listing.demands),
        (_("Plan of rectification by"), plan_by),
        (_("Monitoring and emergency measures"), listing.controls),
        (_("Use is stopped"), _("Yes") if listing.is_use_stopped else ""),
        (_("Conditions of delisting"), listing.conditions),
        (_("How it is published"), listing.publicity),
        (_("Contact"), listing.contact),
        (_("Ground"), listing.get_ground_display()),
        (_("Remark"), listing.delisting_note),
    ]


def paper_of(listing, *, actor, now):
    """The data of the paper for reading in the browser: as issued, or as the draft stands now."""
    if listing.paper_id:
        return listing.paper.data
    return draft_paper(listing, actor=actor, now=now)


def draft_paper(listing, *, actor, now):
    """The data of a draft's paper; nothing is saved and no number used up."""
    listing.issued_at = now
    first = listing_shared.next_report(listing, _today(now))
    return documents.draft_of(listing, list(listing.stages.all()), actor=actor, now=now, first_report=first)


def supervisors_at(bureau, today):
    """Who may supervise: the people with a bureau's post at the supervising bureau."""
    return User.objects.holding(BUREAU, bureau, today)


# What a hazard's page shows.


def part_of(hazard, user, now):
    """The box of listed supervision on a major hazard's page (one query; none for a general hazard)."""
    if hazard.grade != Grade.MAJOR:
        return []
    seen = Listing.objects.visible_to(user).exclude(status=S.WITHDRAWN).filter(hazard=hazard)
    rows = [
        {
            "listing": row, "kind": kind_of(row.status),
            "flags": flags_of({name: getattr(row, name) for name in HEAD}, _today(now)),
        }
        for row in seen.select_related("organisation", "school")[:3]
    ]  # fmt: skip
    return [("supervision/listings/_part.html", {"rows": rows})] if rows else []


def acts_of(hazard, user):
    """The button that begins a listing, for a bureau's person and a hazard that may be listed (one query)."""
    if hazard.status not in LISTABLE or hazard.grade != Grade.MAJOR:
        return []
    if not user.roles_at(hazard.school) & BUREAU or listing_drafting.draft_refusal(hazard):
        return []
    url = f"{reverse('supervision:listing_new')}?hazard={hazard.number}"
    return [{"url": url, "label": _("Put under listed supervision"), "key": ""}]


def _public(listing):
    published = f"{timezone.localtime(listing.published_at):%Y-%m-%d %H:%M}" if listing.published_at else ""
    return [
        (_("For the public: what"), listing.public_what),
        (_("For the public: where"), listing.public_where),
        (_("For the public: advice"), listing.public_advice),
        (_("Publish by"), f"{listing.publish_due_on:%Y-%m-%d}" if listing.publish_due_on else ""),
        (_("Published"), published),
        (_("Publish the delisting by"), _date(listing.delisting_publish_due_on)),
        (_("Delisting published"), _day(listing.delisting_published_at)),
    ]


def _day(at):
    return f"{timezone.localdate(at):%Y-%m-%d}" if at else ""


def _date(day):
    return f"{day:%Y-%m-%d}" if day else ""


def _today(now):
    return timezone.localdate(now)
