"""Reads of the archive of surroundings: lists with their letter's clock, counts. Scoped by the caller."""

from django.db.models import Count, Exists, OuterRef, Q, Subquery

from .models import JointMeeting, LetterPlace, Surrounding, SurroundingLetter
from .services.surrounding_letters import late_letters
from .workflow.surroundings import UNSOLVED, LetterState, State

COLUMNS = [
    "number", "title", "place", "kind", "distance", "agency", "status", "found_on", "look_again_on",
    "came_back_count", "school__name", "school__short_name", "reply_due_on", "letter_number",
]  # fmt: skip


def with_clock(rows):
    """`rows` of Surrounding with `reply_due_on` and `letter_number` of the letter that runs, else NULL."""
    running = LetterPlace.objects.filter(
        surrounding=OuterRef("pk"), is_current=True, letter__status=LetterState.SENT
    )
    return rows.annotate(
        reply_due_on=Subquery(running.values("letter__reply_due_on")[:1]),
        letter_number=Subquery(running.values("letter__number")[:1]),
    )


def is_late(on):
    """Q on `with_clock`: the letter's clock ran out and nobody has solved it."""
    return Q(reply_due_on__lt=on, status__in=UNSOLVED)


def counts_for(user, today):
    """{name: how many} for the desk of a bureau's person: two queries."""
    rows = Surrounding.objects.visible_to(user)
    drafted = LetterPlace.objects.filter(surrounding=OuterRef("pk"), is_current=True)
    counts = rows.aggregate(
        to_write=Count("pk", filter=Q(status=State.RECORDED) & ~Exists(drafted)),
        to_look=Count("pk", filter=Q(status=State.SOLVED, look_again_on__lte=today)),
    )
    letters = SurroundingLetter.objects.visible_to(user)
    return counts | letters.aggregate(
        to_issue=Count("pk", filter=Q(status=LetterState.DRAFT)),
        late=Count("pk", filter=Q(pk__in=late_letters(today).values("pk"))),
    )


def letters_of(row):
    """The letters that name this place and went out, newest first, with what they say of it: one query."""
    places = LetterPlace.objects.filter(surrounding=row, letter__number__isnull=False)
    return places.select_related("letter").order_by("-letter__issued_at", "-pk")


def meetings_of(row):
    """The joint meetings that had this place on their list, newest first: one query."""
    return row.meeting_places.select_related("meeting").order_by("-meeting__held_on", "-pk")


def letter_rows(letters):
    """Letters with the number of their places."""
    return letters.annotate(n_places=Count("places"))


def meetings(user):
    """Joint meetings with the number of their places."""
    return JointMeeting.objects.visible_to(user).annotate(n_places=Count("places"))


def meeting_cells(meeting):
    """The lines of a meeting's workbook: place, letters, answers, decision. Two queries."""
    places = list(meeting.places.select_related("surrounding__school"))
    told = LetterPlace.objects.filter(
        surrounding__in=[place.surrounding_id for place in places], letter__number__isnull=False
    )
    letters: dict = {}
    for one in told.select_related("letter").order_by("letter__issued_at"):
        letters.setdefault(one.surrounding_id, []).append(one)
    for place in places:
        row, sent = place.surrounding, letters.get(place.surrounding_id, [])
        yield [
            place.order, row.school.name, str(row.get_kind_display()), row.title, row.place, row.distance,
            str(row.get_status_display()), "\n".join(one.letter.number for one in sent),
            "\n".join(one.answer or one.letter.reply for one in sent if one.answer or one.letter.reply),
            place.lead, place.decision, place.due_on,
        ]  # fmt: skip
