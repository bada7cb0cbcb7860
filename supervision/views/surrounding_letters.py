"""Letters about hazards around schools: the list, a draft, one letter, its paper, the acts on it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from hazards.views.acts import add_errors, perform_with
from hazards.workflow import NotAllowed
from schoolsafety.core.paging import page_of
from schoolsafety.core.pdf.rendering import render_pdf

from .. import pages_surroundings as pages
from .. import queries_surroundings as queries
from ..forms import surroundings as forms
from ..models import SurroundingLetter
from ..papers import surroundings as papers
from ..services import surrounding_letters as services
from ..workflow.surroundings import UNSOLVED, LetterAction, LetterState, letter_refusal
from .making import Made
from .surroundings import places_of

COLUMNS = [
    "number", "title", "addressee", "status", "round", "issued_at", "reply_due_on", "replied_on", "n_places",
    "organisation__name",
]  # fmt: skip
SIMPLE = {
    LetterAction.ISSUE: services.issue_letter, LetterAction.DISCARD: services.discard_letter,
    LetterAction.REMIND: services.draft_reminder,
}  # fmt: skip


def letters(request):
    """The letters, newest first; `?only=` narrows to late ones or to one state."""
    today, only = timezone.localdate(), request.GET.get("only", "")
    rows = SurroundingLetter.objects.visible_to(request.user)
    if only == "late":
        rows = rows.filter(pk__in=services.late_letters(today).values("pk"))
    elif only in LetterState.values:
        rows = rows.filter(status=only)
    page = page_of(queries.letter_rows(rows), request, field="created_at", columns=COLUMNS)
    for row in page.rows:
        row["state"] = LetterState(row["status"]).label
        row["kind"] = pages.LETTER_KINDS.get(row["status"], "wait")
        row["is_late"] = row["status"] == LetterState.SENT and row["reply_due_on"] < today
    names = [("", _("All")), ("late", _("No answer in time")), *LetterState.choices]
    context = {
        "page": page, "tabs": pages.tabs_of(request.user, "surrounding_letters"), "only": only,
        "filters": [
            {"url": f"?only={name}", "label": label, "count": None, "is_current": name == only}
            for name, label in names
        ],
    }  # fmt: skip
    return render(request, "supervision/surroundings/letters.html", context)


def letter_new(request):
    """Draft a letter about the chosen places."""
    places = places_of(request)
    bad = services.refusals(places)
    initial = {}
    try:
        bureau = services.bureau_over(request.user, [row.school for row in places])
        initial = services.suggestions(places, bureau, timezone.now())
    except NotAllowed as reason:
        if places:
            raise PermissionDenied(str(reason)) from reason
    form = forms.LetterForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        made = Made(services.draft_letter)
        if perform_with(form, made, places, actor=request.user, **form.words()):
            messages.success(request, _("The draft is saved."))
            return redirect(made.row)
    lines = [{"row": row, "reason": bad.get(row.pk, "")} for row in places]
    context = {"form": form, "places": lines, "cancel": "supervision:surroundings"}
    return render(
        request, "supervision/surroundings/letter_new.html", context, status=400 if form.errors else 200
    )


def letter(request, pk):
    """One letter: words, places, answer, history, next step."""
    row = visible_letter(request, pk)
    context = pages.letter_detail(row, request.user, timezone.localdate())
    context["paper"] = row.paper.data if row.paper_id else _draft(row)
    return render(request, "supervision/surroundings/letter.html", context)


def letter_preview(request, pk):
    """The PDF as it would go out now, marked as a draft; no number is used up."""
    row = visible_letter(request, pk)
    if row.paper_id:
        return redirect("core:paper", row.paper_id)
    content = render_pdf(services.TEMPLATE, _draft(row), identifier=f"letter-draft-{row.pk}")
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="letter-draft-{row.pk}.pdf"'
    return answer


def letter_act(request, pk, action):
    """The page of one act on a letter."""
    row = visible_letter(request, pk)
    if action not in LetterAction.values:
        raise Http404
    action = LetterAction(action)
    reason = letter_refusal(action, row.status, request.user.roles_at(row.organisation))
    if reason and request.method != "POST":
        context = {"letter": row, "action": action, "refusal": reason}
        return render(request, "supervision/surroundings/letter_act.html", context, status=403)
    if action == LetterAction.REPLY:
        return _reply(request, row, action)
    if action == LetterAction.EDIT:
        return _edit(request, row, action)
    return _simple(request, row, action)


def visible_letter(request, pk):
    """The letter, if this person sees it; else 404."""
    rows = SurroundingLetter.objects.visible_to(request.user)
    return get_object_or_404(
        rows.select_related("organisation", "first", "paper", "created_by", "issued_by"), pk=pk
    )


def _simple(request, row, action):
    """Issue, discard, remind: the button is the act."""
    faults = []
    if request.method == "POST":
        try:
            made = SIMPLE[action](row, actor=request.user, now=timezone.now())
        except NotAllowed as reason:
            faults = [str(reason)]
        except ValidationError as error:
            faults = error.messages
        else:
            messages.success(request, _("%(act)s: done.") % {"act": action.label})
            return redirect(made)
    context = {
        "letter": row, "action": action, "faults": faults, "is_danger": action == LetterAction.DISCARD,
        "paper": _draft(row) if action == LetterAction.ISSUE and not faults else None,
    }  # fmt: skip
    return render(request, "supervision/surroundings/letter_act.html", context, status=400 if faults else 200)


def _edit(request, row, action):
    copy = SurroundingLetter(**{name: getattr(row, name) for name in [*services.WORDS, "version"]})
    data = request.POST if request.method == "POST" else None
    form = forms.LetterForm(data, instance=copy, initial={"version": row.version})
    if form.is_valid():
        words, version = form.words(), form.cleaned_data["version"]
        if perform_with(form, services.edit_letter, row, actor=request.user, version=version, **words):
            messages.success(request, _("The draft is saved."))
            return redirect(row)
    context = {"letter": row, "action": action, "form": form}
    status = 400 if form.errors else 200
    return render(request, "supervision/surroundings/letter_act.html", context, status=status)


def _reply(request, row, action):
    """The answer as a whole and place by place; every form is asked, so that all errors show at once."""
    is_post = request.method == "POST"
    data = (request.POST, request.FILES) if is_post else (None, None)
    form = forms.ReplyForm(*data, initial={"replied_on": timezone.localdate()})
    places = [place.surrounding for place in row.places.select_related("surrounding__school")]
    parts = [(place, forms.PlaceAnswerForm(data[0], prefix=f"place-{place.pk}")) for place in places]
    if is_post and all([form.is_valid(), *[part.is_valid() for _place, part in parts]]):
        answers = {place.pk: part.cleaned_data for place, part in parts}
        try:
            services.record_reply(
                row, actor=request.user, now=timezone.now(), answers=answers, **form.cleaned_data
            )
        except NotAllowed as reason:
            form.add_error(None, str(reason))
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("%(act)s: done.") % {"act": action.label})
            return redirect(row)
    is_bad = is_post
    context = {"letter": row, "action": action, "form": form, "parts": parts}
    return render(request, "supervision/surroundings/reply.html", context, status=400 if is_bad else 200)


def _draft(row):
    """The data of the paper as it would go out today."""
    places = row.places.select_related("surrounding__school")
    rows = [place.surrounding for place in places if place.surrounding.status in UNSOLVED]
    return papers.draft_of(row, rows, services.earlier_letters(row), timezone.localdate())
