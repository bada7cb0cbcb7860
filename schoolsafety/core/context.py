"""What every page shows around its content: menu, person, notices of the kernel."""

from django.conf import settings
from django.utils import timezone

from .calendar_data import missing_year
from .models import Notification, Post
from .navigation import links_for
from .roles import Role

THEMES, SIZES = {"light", "dark"}, {"large"}


def page(request):
    """`nav`, `main_tabs`, `person`, `unread`, `theme`, `size`, `calendar_warning`, `is_demo`, `is_pwa`."""
    theme, size = request.COOKIES.get("theme", ""), request.COOKIES.get("size", "")
    common = {
        "theme": theme if theme in THEMES else "",
        "size": size if size in SIZES else "",
        "is_demo": settings.DEMO,
        "is_pwa": settings.PWA_ENABLED,
    }
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return common
    links = links_for(user, request.path)
    waiting = Notification.objects.visible_to(user).filter(read_at__isnull=True, needs_action=True)
    return common | {
        "nav": links,
        "main_tabs": [link for link in links if link.is_tab][:4],
        "person": person_of(user, timezone.localdate()),
        "unread": waiting.count(),
        "calendar_warning": _calendar_warning(user),
    }


def _calendar_warning(user):
    """The year without holidays, told to those who can mend it; nobody else pays the query."""
    roles = {role for _path, role in user.posts}
    return missing_year(timezone.localdate()) if Role.ADMINISTRATOR in roles else None


def person_of(user, today):
    """{name, post_title, organisation_name} of the first post held today, for the head of the page."""
    post = Post.objects.held_on(today).filter(user=user).select_related("organisation").first()
    return {
        "name": str(user),
        "post_title": (post.title or post.get_role_display()) if post else "",
        "organisation_name": post.organisation.label if post else "",
    }
