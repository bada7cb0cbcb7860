"""What everybody reads without signing in: the published listings. The same bytes for all, no cookie."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_safe

from schoolsafety.core.paging import page_of

from .. import listing_lists as lists

SECONDS = 300  # a shared cache may keep a page for so long


@login_not_required
@require_safe
def public_listings(request):
    """Published listings, the newest first; searched by the school's name."""
    words = request.GET.get("q", "").strip()[:60]
    rows = lists.public_listings(timezone.now(), words)
    page = page_of(rows, request, field="published_at", columns=lists.PUBLIC_COLUMNS)
    context = {"page": page, "rows": [lists.public_row(row) for row in page.rows], "q": words}
    return _answer(request, "supervision/public/listings.html", context)


@login_not_required
@require_safe
def public_listing(request, pk):
    """One published listing: what, where, until when, what to mind."""
    rows = lists.public_listings(timezone.now()).filter(pk=pk)
    found = list(rows.values("pk", *lists.PUBLIC_COLUMNS))
    if not found:
        raise Http404
    return _answer(request, "supervision/public/listing.html", {"row": lists.public_row(found[0])})


def _answer(request, template, context):
    """Rendered without the request: nothing of a person, no token, so that a cache may keep it."""
    answer = HttpResponse(render_to_string(template, context))
    if not request.user.is_authenticated:
        answer["Cache-Control"] = f"public, max-age={SECONDS}"
    return answer
