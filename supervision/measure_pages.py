"""What the pages of measures show: facts, steps, papers, the next step, the rows of lists. Reads only."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hazards.presentation import money
from hazards.workflow import BUREAU
from schoolsafety.core.audit import history_of
from schoolsafety.core.directory import authority
from schoolsafety.core.files import attachments_of
from schoolsafety.core.history import lines_of

from .services import measures
from .workflow.measure_kinds import KIND_RULES, Answer, Kind, Question, Step
from .workflow.measures import Action, Status

PRIMARY = [
    Action.DECIDE_APPEAL, Action.DRAFT_DECISION, Action.ISSUE, Action.GIVE_NOTICE, Action.HEAR, Action.STATE,
    Action.SUBMIT,
]  # fmt: skip
LOOKS = {
    Status.ISSUED: "warn", Status.LIFTED: "done", Status.ENDED: "done", Status.REVOKED: "wait",
    Status.DISCARDED: "wait",
}  # fmt: skip
COLUMNS = [
    "number", "kind", "status", "school__name", "school__short_name", "person_name", "issued_at", "until",
    "hazard__number",
]  # fmt: skip


def rows_of(page, today):
    """The rows of a list made ready: words of kind and state, whether the period is over."""
    kinds, states = dict(Kind.choices), dict(Status.choices)
    for row in page.rows:
        row["look"] = LOOKS.get(row["status"], "todo")
        row["kind_text"], row["state"] = kinds[row["kind"]], states[row["status"]]
        row["is_over"] = row["status"] == Status.ISSUED and row["until"] is not None and row["until"] < today
    return page


def detail_of(measure, user, now):
    """The context of a measure's page; `measure` is loaded with people, school, hazard and papers."""
    today = timezone.localdate(now)
    actions = measures.actions_of(measure, user, now)
    steps = steps_of(measure, user, today)
    appeals = appeals_of(measure, user)
    return {
        "measure": measure, "steps": steps, "appeals": appeals, "facts": facts_of(measure),
        "words": words_of(measure), "lines": lines_of(history_of(measure)),
        "papers": papers_of(measure, steps, appeals),
        "files": list(attachments_of(measure)), "next": _next(measure, actions, steps),
        "look": LOOKS.get(measure.status, "todo" if actions else "wait"),
        "appeal_ends": measures.appeal_ends(measure),
        "appeal_note": KIND_RULES[Kind(measure.kind)].appeal_note,
    }  # fmt: skip


def steps_of(measure, user, today):
    """[{step, label, side, due_on, is_late, may_finish, url, ...}] in order: one query."""
    return [
        {
            "row": row, "label": row.get_step_display(), "side": row.get_side_display(),
            "is_late": row.done_at is None and row.due_on < today and measure.status == Status.ISSUED,
            "was_late": row.done_on is not None and row.done_on > row.due_on,
            "may_finish": measures.may_finish(row, measure, user),
            "said": _said(row), "url": reverse("supervision:measure_step", args=[measure.pk, row.step]),
        }
        for row in measure.steps.select_related("done_by")
    ]  # fmt: skip


def appeals_of(measure, user):
    """[{row, is_draft_shown, paper}] newest first: one query. A draft is shown to the bureau alone."""
    is_bureau = bool(user.roles_at(authority(measure)) & BUREAU)
    rows = measure.appeals.select_related("filed_by", "drafted_by", "decided_by")
    return [
        {
            "row": row, "is_draft_shown": is_bureau and row.drafted_at and not row.decided_at,
            "paper": reverse("supervision:measure_paper", args=[measure.pk, f"appeal-{row.pk}"])
            if row.paper_id else "",
        }
        for row in rows
    ]  # fmt: skip


def papers_of(measure, steps, appeals):
    """[{url, text}] of the issued papers."""
    found = []
    if measure.notice_paper_id:
        found.append(("notice", _("Prior notice (PDF)")))
    if measure.paper_id:
        found.append(("measure", _("Paper of the measure (PDF)")))
    if any(line["row"].paper_id for line in steps):
        found.append(("record", _("Record of the interview (PDF)")))
    found += [
        (f"appeal-{line['row'].pk}", _("Decision on the appeal (PDF)")) for line in appeals if line["paper"]
    ]
    return [
        {"url": reverse("supervision:measure_paper", args=[measure.pk, which]), "text": text}
        for which, text in found
    ]


def facts_of(measure):
    """(label, value) pairs beside the words."""
    meet = f"{_moment(measure.meet_at)} {measure.meet_place}".strip() if measure.meet_at else ""
    person = f"{measure.person_name} {measure.person_post}".strip()
    amount = "" if measure.amount is None else _("%(yuan)s yuan") % {"yuan": money(measure.amount)}
    return [
        (_("School"), measure.school.name), (_("Bureau"), measure.organisation.name),
        (_("Hazard"), f"{measure.hazard.number} {measure.hazard.title}" if measure.hazard else ""),
        (_("Unit concerned"), measure.unit.name if measure.unit else ""), (_("Accident"), _accident(measure)),
        (_("Year of the assessment"), f"{measure.year or ''}"), (_("Effect on the result"), measure.effect),
        (_("Resolved by"), measure.resolved_by), (_("Person concerned"), person),
        (_("Ground"), measure.get_fault_display()),
        (_("What is imposed"), " ".join(part for part in (measure.get_sanction_display(), amount) if part)),
        (_("Authority addressed"), measure.authority), (_("Interview"), meet),
        (_("Who conducts it"), measure.host), (_("What to bring"), measure.bring),
        (_("Drafted"), _act(measure.created_by, measure.created_at)),
        (_("Prior notice"), _act(measure.noticed_by, measure.noticed_at)),
        (_("Statement by"), f"{measure.statement_due_on or ''}"),
        (_("Heard"), _act(measure.heard_by, measure.heard_at)),
        (_("Issued"), _act(measure.issued_by, measure.issued_at)),
        (pgettext("measure", "Until"), f"{measure.until or ''}"), (_("Over"), _moment(measure.over_at)),
        (_("Contact"), measure.contact),
    ]  # fmt: skip


def words_of(measure):
    """(label, text) of what the measure says."""
    return [
        (_("Facts"), measure.facts), (_("Why this measure"), measure.reason),
        *[(one.label, _answered(measure.review[one])) for one in Question if one in measure.review],
        (_("Aggravating circumstances"), measure.aggravating),
        (_("Legal basis"), measure.basis), (_("What is demanded"), measure.demand),
        (_("Statement of the school"), measure.statement),
        (_("What was said and how it is judged"), measure.hearing_note),
        (_("Why it is over"), measure.over_note),
        (_("Why the hazard may be closed before"), measure.release_note),
    ]  # fmt: skip


def _accident(measure):
    if not measure.accident_on:
        return ""
    return _("%(day)s, deaths: %(n)s") % {"day": measure.accident_on, "n": measure.deaths or "—"}


def _answered(said):
    answer = Answer(said["answer"]).label if said["answer"] else ""
    return "：".join(str(part) for part in (answer, said["note"]) if part)


def _said(row):
    """What the record of an interview holds, else the words of the step."""
    if row.step != Step.HOLD or not row.data:
        return [("", row.text)] if row.text else []
    return [
        (_("Who took part"), row.data["participants"]), (_("Problems named"), row.data["problems"]),
        (_("What is demanded"), row.data["demands"]), (_("What was promised"), row.data["promise"]),
    ]  # fmt: skip


def _next(measure, actions, steps):
    """{sentence, primary, others} for components/next_step.html: an open step of one's own comes first."""
    links = {
        action: {
            "url": reverse("supervision:measure_edit", args=[measure.pk]) if action == Action.EDIT
            else reverse("supervision:measure_act", args=[measure.pk, action.value]),
            "label": action.label,
        }
        for action in actions
    }  # fmt: skip
    mine = [{"url": line["url"], "label": line["label"]} for line in steps if line["may_finish"]]
    first = next((action for action in PRIMARY if action in links), None)
    if first is None and not mine:
        first = next((action for action in (Action.END, Action.EDIT) if action in links), None)
    primary = links.pop(first) if first else mine.pop(0) if mine else None
    return {"sentence": _sentence(measure, steps), "primary": primary, "others": [*mine, *links.values()]}


def _sentence(measure, steps):
    waiting = [line for line in steps if line["row"].done_at is None]
    match measure.status:
        case Status.DRAFT:
            return _("Complete the draft and hand it to the leader, who decides.")
        case Status.READY if KIND_RULES[Kind(measure.kind)].needs_notice:
            return _(
                "The leader gives prior notice or sends it back; the school is heard before the decision."
            )
        case Status.READY:
            return _("The leader decides: issue it, send it back, or do not impose it.")
        case Status.NOTICED:
            words = {"day": measure.statement_due_on}
            return (
                _("The school may state its case until %(day)s; then the bureau records the hearing.") % words
            )
        case Status.HEARD:
            return _("The leader decides on what was said. It cannot become heavier.")
        case Status.ISSUED if waiting:
            line = waiting[0]
            words = {"side": line["side"], "step": line["label"], "day": line["row"].due_on}
            return _("%(side)s: %(step)s by %(day)s.") % words
        case Status.ISSUED if measure.until:
            return _("It stands until %(day)s.") % {"day": measure.until}
        case Status.ISSUED:
            return _("All that follows is done; the bureau ends it.")
    return measure.get_status_display()


def _act(person, at):
    return " · ".join(part for part in (str(person or ""), _moment(at)) if part)


def _moment(at):
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else ""
