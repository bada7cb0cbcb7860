"""The school's reply and the bureau's re-check: one form an item, one press for all."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from hazards.presentation import photo_hints
from hazards.workflow import NotAllowed

from .. import notice_pages
from ..notice_forms import ReplyItemForm, ReviewForm, ReviewItemForm
from ..services import notices
from ..workflow import NoticeAction
from .notices import visible_notice
from .reasons import add_item_errors


def notice_reply(request, pk):
    """Item by item: done or not, what, by whom, when, for how much, with photos."""
    row = _open(request, pk, NoticeAction.REPLY)
    bound = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    lines, today = notice_pages.items_of(row), timezone.localdate()
    for line in lines:
        line["form"] = ReplyItemForm(
            today, *bound, instance=line["item"], prefix=f"item-{line['item'].pk}",
            initial={"responsible": line["hazard"].responsible or str(request.user)},
        )  # fmt: skip
    if request.method == "POST" and all([line["form"].is_valid() for line in lines]):  # noqa: C419 -- asks all
        answers = {line["item"].pk: line["form"].cleaned_data for line in lines}
        if _done(lines, None, lambda now: notices.reply(row, actor=request.user, answers=answers, now=now)):
            messages.success(request, _("The reply was sent."))
            return redirect(row)
    return _page(request, "inspections/notices/reply.html", row, lines, None)


def notice_review(request, pk):
    """Item by item: done, partly, not; at least two reviewers; the opinion becomes a paper."""
    row = _open(request, pk, NoticeAction.REVIEW)
    data = request.POST if request.method == "POST" else None
    lines, form = notice_pages.items_of(row), ReviewForm(data)
    hints = photo_hints([line["hazard"] for line in lines], request.user)
    for line in lines:
        line["hints"] = hints.get(line["hazard"].pk)
        line["form"] = ReviewItemForm(data, prefix=f"item-{line['item'].pk}")
    if data is not None and all([form.is_valid(), *[line["form"].is_valid() for line in lines]]):
        found = {line["item"].pk: line["form"].cleaned_data for line in lines}
        results = {key: (value["result"], value["note"]) for key, value in found.items()}
        if _done(lines, form, lambda now: notices.review(
            row, actor=request.user, results=results, now=now, **form.cleaned_data
        )):  # fmt: skip
            messages.success(request, _("The re-check opinion was issued."))
            return redirect(row)
    return _page(request, "inspections/notices/review.html", row, lines, form)


def _open(request, pk, action):
    """The notice, if this person may do this with it now; else 403."""
    row = visible_notice(request, pk)
    if action not in notices.actions_of(row, request.user):
        words = {"status": row.get_status_display()}
        raise PermissionDenied(_("You cannot do this while the notice is “%(status)s”.") % words)
    return row


def _done(lines, form, act):
    """Act; what is refused stands beside its item, or on top."""
    try:
        act(timezone.now())
    except (NotAllowed, ValidationError) as reason:
        item_forms = [line["form"] for line in lines]
        add_item_errors(form or item_forms[0], item_forms, reason)
        return False
    return True


def _page(request, template, row, lines, form):
    is_bad = any(line["form"].errors for line in lines) or bool(form is not None and form.errors)
    context = {"notice": row, "lines": lines, "form": form, "is_bad": is_bad}
    return render(request, template, context, status=400 if is_bad else 200)
