"""Letters about hazards around schools: drafted, issued by a leader, answered, reminded of."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from hazards.services.moving import keep_proof, needed, people_for
from hazards.workflow import BUREAU, NotAllowed
from schoolsafety.core.audit import record_event
from schoolsafety.core.drafts import change
from schoolsafety.core.models import Organisation
from schoolsafety.core.notifications import notify, settle
from schoolsafety.core.numbering import number_for
from schoolsafety.core.papers import issue_paper
from schoolsafety.core.preferences import preferences_for
from schoolsafety.core.workdays import calendar_for

from ..models import LetterPlace, Surrounding, SurroundingLetter
from ..papers import surroundings as papers
from ..workflow.surroundings import (
    LETTER_RULES,
    UNSOLVED,
    LetterAction,
    LetterState,
    State,
    demand,
    letter_refusal,
)
from . import surroundings

TEMPLATE = "papers/letter.html"
WORDS = ["addressee", "copies", "title", "body", "reply_due_on", "contact"]


def bureau_over(user, schools):
    """The nearest bureau above all of `schools` where this person holds a bureau's post; else NotAllowed."""
    paths = [
        path
        for path, role in user.posts
        if role in BUREAU and all(school.path.startswith(path) for school in schools)
    ]
    if not paths or not schools:
        raise NotAllowed(_("You hold no post that writes letters about these places."))
    return Organisation.objects.get(path=max(paths, key=len))


def refusals(rows):
    """{pk: reason} of the places that no new letter can take up now (one query)."""
    taken = LetterPlace.objects.filter(surrounding__in=[row.pk for row in rows], is_current=True)
    letters = {place.surrounding_id: place.letter for place in taken.select_related("letter")}
    found = {}
    for row in rows:
        if row.status not in UNSOLVED:
            found[row.pk] = _("It is “%(state)s”.") % {"state": row.get_status_display()}
        elif row.pk in letters:
            found[row.pk] = _("It stands in the letter %(letter)s.") % {"letter": letters[row.pk]}
    return found


def suggestions(rows, bureau, now):
    """The words of a new letter about `rows`, from the archive and the bureau's settings."""
    agencies = [row.agency for row in rows]
    wanted = preferences_for(bureau, ["surroundings.reply_days", "surroundings.contact"])
    today = localdate(now)
    return {
        "addressee": max(agencies, key=agencies.count), "title": papers.title_for(rows),
        "body": papers.words_for(len(rows)), "contact": wanted["surroundings.contact"],
        "reply_due_on": calendar_for(bureau).add(today, wanted["surroundings.reply_days"]),
    }  # fmt: skip


@transaction.atomic
def draft_letter(rows, *, actor, now, **words):
    """A draft to one addressee about several places; returns it. No number is used up.

    `words` replace what is suggested (fields WORDS). Raises NotAllowed for a person without a bureau's
    post over all of them, ValidationError with a line for each place that cannot be taken up.
    """
    locked = Surrounding.objects.select_for_update(of=("self",)).select_related("school")
    rows = list(locked.filter(pk__in=[row.pk for row in rows]).order_by("school__path", "pk"))
    if not rows:
        raise ValidationError(_("Choose at least one place."))
    bureau = bureau_over(actor, [row.school for row in rows])
    if bad := refusals(rows):
        lines = {row.pk: f"{row.number} {row.title}" for row in rows}
        raise ValidationError([f"{lines[pk]}：{reason}" for pk, reason in bad.items()])
    letter = SurroundingLetter.objects.create(
        organisation=bureau, created_at=now, created_by=actor, **suggestions(rows, bureau, now) | words
    )
    _add(letter, rows, is_current=True)
    _log(letter, "draft", actor=actor, places=[row.number for row in rows], round=1)
    return letter


@transaction.atomic
def edit_letter(letter, *, actor, now, version, **words):
    """Change the words of a draft; `version` is the one the form was opened with. Raises EditedMeanwhile."""
    letter = _begin(letter, LetterAction.EDIT, actor=actor)
    change(letter, version, {name: words[name] for name in WORDS if name in words})
    letter.save()
    _log(letter, LetterAction.EDIT, actor=actor, version=letter.version)
    return letter


@transaction.atomic
def issue_letter(letter, *, actor, now):
    """Number, paper, clock: the letter goes out; its places are on record as told. Returns the letter.

    A reminder takes the place of the letter before it. Raises ValidationError where nothing is left to
    write about, the letter before was answered, or the day of the reply has passed.
    """
    letter = _begin(letter, LetterAction.ISSUE, actor=actor)
    today = localdate(now)
    earlier = _earlier(letter)
    rows = _still_unsolved(letter)
    if letter.reply_due_on <= today:
        raise ValidationError(_("The day of the reply must lie ahead; correct the draft."))
    letter.number = number_for(letter.organisation, "letter", today)
    letter.issued_at, letter.issued_by, letter.status = now, actor, LetterState.SENT
    schools = {row.school for row in rows}
    letter.paper = issue_paper(
        letter, kind="letter", organisation=letter.organisation, number=letter.number, title=letter.title,
        addressee=schools.pop() if len(schools) == 1 else None, template=TEMPLATE, now=now, actor=actor,
        data=papers.letter(letter, rows, earlier, letter.number, today),
    )  # fmt: skip
    letter.save()
    letter.places.exclude(surrounding__in=rows).update(is_current=False)  # solved before it went out
    _follow(earlier, letter)
    surroundings.mark(
        rows, "send", State.SENT, actor=actor, letter=letter.number, to=letter.addressee,
        due_on=letter.reply_due_on,
    )  # fmt: skip
    _log(
        letter, LetterAction.ISSUE, actor=actor, number=letter.number, sha256=letter.paper.sha256,
        status=[LetterState.DRAFT, LetterState.SENT],
    )  # fmt: skip
    settle(letter.get_absolute_url())
    return letter


@transaction.atomic
def discard_letter(letter, *, actor, now, note=""):
    """Throw a draft away; its places are free again."""
    letter = _begin(letter, LetterAction.DISCARD, actor=actor)
    letter.status = LetterState.DISCARDED
    letter.save(update_fields=["status"])
    letter.places.update(is_current=False)
    _log(letter, LetterAction.DISCARD, actor=actor, note=note)
    settle(letter.get_absolute_url())
    return letter


@transaction.atomic
def record_reply(letter, *, actor, now, replied_on, reply, reply_number="", answers=None, proofs=()):
    """What the addressee answered, and what it says of each place ({pk: {"answer", "promised_on"}}).

    Raises ValidationError for a day before the letter or ahead. Returns the letter.
    """
    reply = needed("reply", reply, _("Say what the answer is."))
    letter = _begin(letter, LetterAction.REPLY, actor=actor)
    if not localdate(letter.issued_at) <= replied_on <= localdate(now):
        raise ValidationError({"replied_on": _("The answer came after the letter and not in the future.")})
    letter.replied_on, letter.reply_number, letter.reply = replied_on, reply_number, reply
    letter.reply_recorded_at, letter.status = now, LetterState.ANSWERED
    letter.save()
    for proof in proofs:
        _keep(letter, proof, actor=actor, now=now)
    rows = []
    for place in letter.places.select_related("surrounding__school"):
        said = (answers or {}).get(place.surrounding_id, {})
        place.answer, place.promised_on = said.get("answer", ""), said.get("promised_on")
        place.is_current = False
        place.save()
        rows.append(place.surrounding)
    sent = [row for row in rows if row.status == State.SENT]
    surroundings.mark(sent, "answer", State.ANSWERED, actor=actor, letter=letter.number)
    _log(letter, LetterAction.REPLY, actor=actor, note=reply, replied_on=replied_on, number=reply_number,
         status=[LetterState.SENT, LetterState.ANSWERED])  # fmt: skip
    settle(letter.get_absolute_url())
    return letter


@transaction.atomic
def draft_reminder(letter, *, actor, now):
    """A reminder (催办函) that names the first letter, once the clock has run out; returns the draft.

    Pressed twice it is the same draft. Raises ValidationError while the clock runs or nothing is left.
    """
    letter = _begin(letter, LetterAction.REMIND, actor=actor)
    first = letter.first or letter
    drafts = SurroundingLetter.objects.filter(first=first, status=LetterState.DRAFT)
    if draft := drafts.first():
        return draft
    if letter.reply_due_on >= localdate(now):
        words = {"day": letter.reply_due_on}
        raise ValidationError(_("The addressee has until %(day)s to answer.") % words)
    rows = _still_unsolved(letter)
    wanted = preferences_for(letter.organisation, ["surroundings.reminder_days"])
    days = wanted["surroundings.reminder_days"]
    reminder = SurroundingLetter.objects.create(
        organisation=letter.organisation, first=first, round=letter.round + 1, created_at=now,
        created_by=actor, addressee=letter.addressee, copies=letter.copies, contact=letter.contact,
        title=papers.reminder_title(rows), body=papers.REMINDER_WORDS,
        reply_due_on=calendar_for(letter.organisation).add(localdate(now), days),
    )  # fmt: skip
    _add(reminder, rows, is_current=False)
    _log(reminder, "draft", actor=actor, round=reminder.round, places=[row.number for row in rows])
    return reminder


def late_letters(on):
    """Letters whose clock ran out before `on` while a place in them is still unsolved."""
    unsolved = LetterPlace.objects.filter(is_current=True, surrounding__status__in=UNSOLVED)
    late = SurroundingLetter.objects.filter(status=LetterState.SENT, reply_due_on__lt=on)
    return late.filter(pk__in=unsolved.values("letter"))


def tell_of_late_letters(*, on, now):
    """Tell each bureau once which letters are without an answer; returns how many. Safe to run twice."""
    told = 0
    for letter in late_letters(on).select_related("organisation"):
        text = _("No answer to %(number)s; it was due on %(day)s. Draft a reminder?") % {
            "number": letter.number, "day": letter.reply_due_on,
        }  # fmt: skip
        told += notify(
            people_for(letter.organisation, BUREAU, on), "supervision.letter_late", text,
            url=letter.get_absolute_url(), organisation=letter.organisation, needs_action=True, now=now,
            key=f"supervision.letter_late:{letter.pk}:{letter.reply_due_on}",
        )  # fmt: skip
    return told


def earlier_letters(letter):
    """The letters of the same matter that went out before this one, the first first."""
    if not letter.first_id:
        return []
    chain = SurroundingLetter.objects.filter(pk=letter.first_id) | SurroundingLetter.objects.filter(
        first=letter.first_id
    )
    return list(chain.filter(number__isnull=False, round__lt=letter.round).order_by("round"))


def _earlier(letter):
    """The earlier letters of a reminder, none of them answered; locked."""
    earlier = earlier_letters(letter)
    if letter.first_id and (not earlier or earlier[-1].status != LetterState.SENT):
        raise ValidationError(_("The letter before was answered meanwhile; discard this draft."))
    return earlier


def _still_unsolved(letter):
    """The places of the letter that nobody has solved, in their order; the others are taken out of it."""
    places = list(letter.places.select_related("surrounding__school"))
    rows = [place.surrounding for place in places if place.surrounding.status in UNSOLVED]
    if not rows:
        raise ValidationError(_("Every place in it is solved; nothing is left to write about."))
    return rows


def _follow(earlier, letter):
    """The reminder's clock takes the place of the one before; its places stand in the reminder now."""
    if earlier:
        SurroundingLetter.objects.filter(pk=earlier[-1].pk).update(status=LetterState.REMINDED)
        LetterPlace.objects.filter(letter=earlier[-1]).update(is_current=False)
        letter.places.filter(surrounding__status__in=UNSOLVED).update(is_current=True)


def _add(letter, rows, *, is_current):
    LetterPlace.objects.bulk_create(
        LetterPlace(letter=letter, surrounding=row, order=order, is_current=is_current)
        for order, row in enumerate(rows, start=1)
    )


def _begin(letter, action, *, actor):
    """Lock the letter, read it anew, check the rule; raises NotAllowed."""
    rows = SurroundingLetter.objects.select_for_update(of=("self",)).select_related("organisation", "first")
    fresh = rows.get(pk=letter.pk)
    demand(letter_refusal(action, fresh.status, actor.roles_at(fresh.organisation)))
    return fresh


def _keep(letter, proof, *, actor, now):
    letter.school = letter.organisation  # whose file it is: a letter belongs to the bureau
    keep_proof(letter, proof, "reply", actor=actor, now=now)


def _log(letter, verb, *, actor, note="", **changes):
    roles = LETTER_RULES[verb].roles if verb in LETTER_RULES else BUREAU
    record_event(
        letter, f"supervision.{verb}_letter", organisation=letter.organisation, actor=actor, note=note,
        post=actor.post_for(letter.organisation, roles), **changes,
    )  # fmt: skip
