"""The log: the history of everything one may audit, with the state of its chains."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from ..filtered import filtered
from ..forms import LogFilter
from ..history import auditable, events_by_pk, lines_of
from ..models import Organisation
from ..paging import page_of
from ..roles import Role
from ..verification import latest_anchor, verify

READERS = frozenset({Role.AUDITOR, Role.ADMINISTRATOR})
MOST_EVENTS = 50_000  # a longer chain is checked by `manage.py verify_log`


@filtered("core:log", LogFilter)
def log(request):
    """Newest first, narrowed by organisation, act, person and day; one chain can be checked at once."""
    if not {role for _path, role in request.user.posts} & READERS:
        raise PermissionDenied(_("The log is for auditors and administrators."))
    form = LogFilter(request.GET)
    page = page_of(form.apply(auditable(request.user)), request, field="at", columns=[])
    places = Organisation.objects.visible_to(request.user)
    chosen = form.place(places)
    context = {
        "form": form, "page": page, "anchor": latest_anchor(), "chosen": chosen,
        "lines": lines_of(events_by_pk([row["pk"] for row in page.rows]), with_place=True),
        "checked": _checked(chosen) if chosen and "check" in request.GET else None,
    }  # fmt: skip
    return render(request, "core/log.html", context)


def _checked(place):
    """A Report over one organisation's chain; None if it is too long to check while somebody waits."""
    return verify(place, now=timezone.now(), most_events=MOST_EVENTS)
