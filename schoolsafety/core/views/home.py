"""Home, desk, notices and account: the pages that everyone has."""

from django.contrib import messages
from django.contrib.sessions.models import Session
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ..duties import Rank, duties_of
from ..history import lines_of
from ..models import Event, Notification, NotificationChoice, Post
from ..models.notification import Channel
from ..navigation import links_for


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
        "shortcuts": [link for link in links_for(request.user, "") if link.group == "work"][:8],
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
    lines = []
    if tab == "done":
        mine = Event.objects.filter(actor=request.user).select_related("actor", "words", "organisation")
        lines = lines_of(mine.order_by("-at")[:50], with_place=True)
    context = {"tabs": tabs, "tab": tab, "lines": lines, "duties": started if tab == "started" else waiting}
    return render(request, "core/todo.html", context)


def notifications(request):
    """What one was told, newest first; opening a line marks it read."""
    mine = Notification.objects.visible_to(request.user)
    if request.method == "POST":
        rows = mine.unread() if request.POST.get("all") else mine.filter(pk=request.POST.get("pk") or 0)
        row = rows.first()
        rows.filter(read_at=None).update(read_at=timezone.now())
        return redirect(row.url if row and row.url and not request.POST.get("all") else "core:notifications")
    return render(
        request, "core/notifications.html", {"rows": mine[:100], "has_unread": mine.unread().exists()}
    )


def me(request):
    """One's account: posts, look, sessions, second factor, how one is told."""
    chosen = {row.channel: row for row in NotificationChoice.objects.filter(user=request.user)}
    context = {
        "posts": Post.objects.filter(user=request.user).select_related("organisation"),
        "sessions": request.user.signed_in_sessions.all(),
        "session_key": request.session.session_key,
        "has_totp": request.user.totpdevice_set.filter(confirmed=True).exists(),
        "channels": [(channel, chosen.get(channel.value)) for channel in Channel],
        "paces": NotificationChoice.Pace,
        "languages": [("zh-hans", "简体中文"), ("en", "English")],
    }
    return render(request, "core/me.html", context)


@require_POST
def revoke_session(request, pk):
    """End another session of one's own."""
    row = get_object_or_404(request.user.signed_in_sessions, pk=pk)
    Session.objects.filter(session_key=row.session_key).delete()
    row.delete()
    messages.success(request, _("The session has ended."))
    return redirect("core:me")


@require_POST
def choose_channel(request, channel):
    """How one is told by a channel: pace and address."""
    pace = request.POST.get("pace")
    if channel not in Channel.values or pace not in NotificationChoice.Pace.values:
        messages.error(request, _("Unknown choice."))
        return redirect("core:me")
    NotificationChoice.objects.update_or_create(
        user=request.user,
        channel=channel,
        defaults={"pace": pace, "address": request.POST.get("address", "")[:200]},
    )
    messages.success(request, _("Saved."))
    return redirect("core:me")
