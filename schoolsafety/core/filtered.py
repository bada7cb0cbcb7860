"""Lists with filters: which keys of an address each page knows, and the saved views that stand above it."""

from dataclasses import dataclass, field
from functools import wraps
from urllib.parse import urlencode

from django.http import QueryDict
from django.shortcuts import redirect
from django.urls import reverse

from .models import SavedView

EVERYTHING = "all"  # `?all=1`: everything, whatever view a person made the one to begin with
LONGEST_VALUE, MOST_VALUES = 100, 20
PAGES: dict[str, frozenset[str]] = {}  # URL name of a list -> the keys of its address that can be saved


@dataclass
class Bar:
    """What the bar of saved views shows: the page, its present choice, the views of this person."""

    page: str
    query: str
    views: list = field(default_factory=list)

    @property
    def current(self):
        """The view that is shown just now, or None."""
        return next((view for view in self.views if view.query == self.query), None)

    @property
    def may_save(self):
        return bool(self.query) and self.current is None

    @property
    def address(self):
        return reverse(self.page)

    @property
    def everything(self):
        return everything(self.address)


def filtered(page, form=None, *, also=()):
    """Decorate the view of a list: `page` is its URL name, `form` its filter, `also` keys beside the form's.

    The view finds `request.saved` (a Bar; one query) and never sees `?all=1`. A bare address leads to the
    view that the person begins with, if there is one.
    """
    PAGES[page] = frozenset([*(form.base_fields if form else ()), *also])

    def decorate(view):
        @wraps(view)
        def shown(request, *args, **kwargs):
            views = list(SavedView.objects.visible_to(request.user).filter(page=page))
            if request.method in {"GET", "HEAD"} and not request.GET:
                first = next((each for each in views if each.is_default), None)
                if first is not None:  # its query is never empty, so this cannot go round
                    return redirect(f"{request.path}?{first.query}")
            if EVERYTHING in request.GET:
                request.GET = _without(request.GET, EVERYTHING)
            request.saved = Bar(page, cleaned(page, request.GET), views)
            return view(request, *args, **kwargs)

        return shown

    return decorate


def cleaned(page, chosen):
    """What may be kept of `chosen` (a QueryDict), as one canonical query: known keys in order, no blanks."""
    pairs = [
        (key, words)
        for key in sorted(PAGES[page] & chosen.keys())
        for value in chosen.getlist(key)[:MOST_VALUES]
        if (words := "".join(sign for sign in value if sign.isprintable()).strip()[:LONGEST_VALUE])
    ]
    return urlencode(pairs)


def cleaned_text(page, query):
    """The same for a query that is still text, as a form brings it."""
    return cleaned(page, QueryDict(query[:4000]))


def everything(address):
    """The address of a list without any choice, also for whoever begins with a view of their own."""
    return f"{address}?{EVERYTHING}=1"


def _without(chosen, key):
    rest = chosen.copy()
    rest.pop(key)
    rest._mutable = False
    return rest
