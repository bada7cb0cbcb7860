"""Home, desk, notices and account: the pages that everyone has."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from .. import messengers
from ..duties import Rank, duties_of
from ..history import done_by, lines_of
from ..models import Notification, NotificationChoice
from ..navigation import links_for
from ..paging import page_of, whole_number
from ..signin import HAS_FACTOR, end_session


def home(request):
    """One sentence, one button: what must be done today; then the rest."""
    now = timezone.now()
    duties = duties_of(request.user, now)
    mine = [duty for duty in duties if duty.rank != Rank.OTHERS]
    context = {
        "duty": mine[0] if mine else None,
        "rest": [duty for duty in duties if duty is not (mine[0] if mine else None)],
        "rest_count": max(len(mine) - 1, 0),
        "now": timezone.localtime(now),
        "shortcuts": [link for link in links_for(request.user, "") if link.url != request.path],
    }
    return render(request, "core/home.html", context)


def todo(request):
    """To do, done, started by me."""
    tab = request.GET.get("tab", "todo")
    duties = duties_of(request.user, timezone.now())
    waiting = [duty for duty in duties if duty.rank != Rank.OTHERS]
    started = [duty for duty in duties if duty.rank == Rank.OTHERS]
    tabs = [
        {"url": "?tab=todo", "label": _("To do"), "count": len(waiting), "is_current": tab == "todo"},
        {
            "url": "?tab=started",
            "label": _("With others"),
            "count": len(started),
            "is_current": tab == "started",
        },
        {"url": "?tab=done", "label": _("Done by me"), "count": None, "is_current": tab == "done"},
    ]
    lines = lines_of(done_by(request.user), with_place=True) if tab == "done" else []
    context = {"tabs": tabs, "tab": tab, "lines": lines, "duties": started if tab == "started" else waiting}
    return render(request, "core/todo.html", context)


def notifications(request):
    """What one was told, newest first; opening a line marks it read."""
    mine = Notification.objects.visible_to(request.user)
    if request.method == "POST":
        return _read(request, mine, timezone.now())
    page = page_of(mine, request, field="created_at", columns=["text", "url", "needs_action", "read_at"])
    return render(request, "core/notifications.html", {"page": page, "has_unread": mine.unread().exists()})


def me(request):
    """One's account: posts, look, sessions, second factor, how one is told."""
    chosen = {row.channel: row for row in request.user.notification_choices.all()}
    context = {
        "posts": request.user.held_posts.select_related("organisation"),
        "sessions": request.user.signed_in_sessions.all(),
        "session_key": request.session.session_key,
        "has_totp": request.session.get(HAS_FACTOR, False),
        "has_password": request.user.has_usable_password(),
        "channels": [(channel, chosen.get(channel.value)) for channel in messengers.channels()],
        "paces": NotificationChoice.Pace.choices,
        "languages": settings.LANGUAGES,
    }
    return render(request, "core/me.html", context)


@require_POST
def revoke_session(request, pk):
    """End another session of one's own."""
    row = get_object_or_404(request.user.signed_in_sessions, pk=pk)
    end_session(row)
    messages.success(request, _("The session has ended."))
    return redirect("core:me")


@require_POST
def choose_channel(request, channel):
    """How one is told by a channel: pace and address."""
    try:
        messengers.choose(
            request.user, channel, pace=request.POST.get("pace"), address=request.POST.get("address", "")
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Saved."))
    return redirect("core:me")


def _read(request, mine, now):
    """Mark one line read and follow it, or mark all."""
    if "all" in request.POST:
        mine.unread().update(read_at=now)
        return redirect("core:notifications")
    row = get_object_or_404(mine, pk=whole_number(request.POST.get("pk", "")))
    mine.unread().filter(pk=row.pk).update(read_at=now)
    return redirect(row.url or "core:notifications")
