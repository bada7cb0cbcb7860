"""The school's reply and the bureau's re-check: one form an item, one press for all."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from hazards.workflow import NotAllowed

from ..notice_forms import ReplyItemForm, ReviewForm, ReviewItemForm
from ..services import notices
from .notices import visible_notice
from .patrols import _text


def notice_reply(request, pk):
    """Item by item: done or not, what, by whom, when, with photos."""
    row = visible_notice(request, pk)
    data, uploads = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    items = list(row.items.select_related("hazard"))
    forms = [ReplyItemForm(data, uploads, instance=item, prefix=f"item-{item.pk}") for item in items]
    error = ""
    if data and all([form.is_valid() for form in forms]):  # all of them, to show every error at once
        answers = {item.pk: form.cleaned_data for item, form in zip(items, forms, strict=True)}
        error = _try(lambda: notices.reply(row, actor=request.user, answers=answers, now=timezone.now()))
        if not error:
            messages.success(request, _("The reply was sent."))
            return redirect(row)
    return _page(request, row, "inspections/notices/reply.html", items, forms, None, error, data)


def notice_review(request, pk):
    """Item by item: done, partly, not; at least two reviewers; the opinion becomes a paper."""
    row = visible_notice(request, pk)
    data = request.POST if request.method == "POST" else None
    items = list(row.items.select_related("hazard"))
    forms = [ReviewItemForm(data, prefix=f"item-{item.pk}", initial={"result": "done"}) for item in items]
    form = ReviewForm(data)
    error = ""
    if data and form.is_valid() and all([each.is_valid() for each in forms]):
        results = {
            item.pk: (each.cleaned_data["result"], each.cleaned_data["note"])
            for item, each in zip(items, forms, strict=True)
        }
        error = _try(
            lambda: notices.review(
                row, actor=request.user, results=results, now=timezone.now(), **form.cleaned_data
            )
        )
        if not error:
            messages.success(request, _("The re-check opinion was issued."))
            return redirect(row)
    return _page(request, row, "inspections/notices/review.html", items, forms, form, error, data)


def _try(act):
    """The reason of a refusal; empty when it worked."""
    try:
        act()
    except (NotAllowed, ValidationError) as reason:
        return _text(reason)
    return ""


def _page(request, row, template, items, forms, form, error, data):
    is_bad = error or (data and (any(each.errors for each in forms) or (form is not None and form.errors)))
    context = {
        "notice": row,
        "item_forms": list(zip(items, forms, strict=True)),
        "form": form,
        "error": error,
    }
    return render(request, template, context, status=400 if is_bad else 200)
