"""People, the posts they hold, and the sessions they have open."""

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..roles import CASE_ROLES, Role


class UserQuerySet(models.QuerySet):
    def visible_to(self, user):
        """People who hold or held a post at or below one of this person's posts, and the person."""
        return self.filter(Q(pk=user.pk) | Q(pk__in=Post.objects.visible_to(user).values("user")))

    def administered_by(self, user):
        """People whose every post that is held today lies in this administrator's hands.

        One post is not enough: a district could give one to the city's administrator and then reset
        that password.
        """
        mine = Post.objects.administered_by(user)
        elsewhere = Post.objects.held_on(localdate()).exclude(pk__in=mine.values("pk"))
        return self.filter(pk__in=mine.values("user")).exclude(pk__in=elsewhere.values("user"))

    def holding(self, roles, organisation, on):
        """People who hold one of `roles` exactly at `organisation` on `on`."""
        posts = Post.objects.held_on(on).filter(role__in=roles, organisation=organisation)
        return self.filter(is_active=True, pk__in=posts.values("user"))


class PersonManager(UserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Django's ways to create a user, and our row scope."""


class User(AbstractUser):
    """A person who signs in by name or phone number. Rights come from posts only."""

    first_name = last_name = None  # type: ignore[assignment]
    name = models.CharField(pgettext_lazy("person", "name"), max_length=60)
    phone = models.CharField(_("phone number"), max_length=20, unique=True, null=True, blank=True)
    password_changed_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = PersonManager()  # type: ignore[misc]

    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ["username"]

    def __str__(self):
        return self.name or self.username

    def get_full_name(self):
        return self.name

    def get_short_name(self):
        return self.name

    @cached_property
    def posts(self):
        """(organisation path, role) of the posts held today: one query a request, however often asked."""
        held = Post.objects.held_on(localdate()).filter(user=self)
        return list(held.values_list("organisation__path", "role"))

    def scope(self, via="", roles=None):
        """Q for the rows whose organisation, reached by `via`, is at or below one of this person's posts.

        `roles` narrows the posts that count. For organisations themselves (`via=""`) every post
        counts; for anything that hangs on one, only the roles that may read cases do.
        """
        lookup = f"{via}__path__startswith" if via else "path__startswith"
        counted = roles or (CASE_ROLES if via else set(Role))
        rows = Q(pk__in=[])  # no post, no rows
        for path in sorted({path for path, role in self.posts if role in counted}):
            rows |= Q(**{lookup: path})
        return rows

    def roles_at(self, organisation):
        """The roles this person may act with at `organisation`: from posts there or above."""
        return {role for path, role in self.posts if organisation.path.startswith(path)}

    def post_for(self, organisation, roles):
        """ "role@path" of the nearest post that allows an act: kept in the event."""
        fitting = [
            (path, role) for path, role in self.posts if organisation.path.startswith(path) and role in roles
        ]
        path, role = max(fitting, key=lambda post: len(post[0]), default=("", ""))
        return f"{role}@{path}" if role else ""


class PostQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(user.scope(via="organisation", roles=set(Role)))

    def administered_by(self, user):
        return self.filter(user.scope(via="organisation", roles={Role.ADMINISTRATOR}))

    def held_on(self, day):
        return self.filter(Q(starts_on__lte=day), Q(ends_on__isnull=True) | Q(ends_on__gte=day))


class Post(models.Model):
    """A role at an organisation for a time. Ended posts stay: they explain who was allowed what."""

    user = models.ForeignKey(User, models.PROTECT, related_name="held_posts")
    organisation = models.ForeignKey("core.Organisation", models.PROTECT, related_name="posts")
    role = models.CharField(_("role"), max_length=20, choices=Role)
    title = models.CharField(pgettext_lazy("post", "title"), max_length=60, blank=True)
    starts_on = models.DateField(pgettext_lazy("period", "from"), default=localdate)
    ends_on = models.DateField(pgettext_lazy("period", "to"), null=True, blank=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        ordering = ["organisation__path", "role", "starts_on"]
        constraints = [
            models.CheckConstraint(
                name="post_ends_after_it_starts",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")),
            )
        ]

    def __str__(self):
        return f"{self.organisation} · {self.title or self.get_role_display()}"


class SignedInSession(models.Model):
    """One open session of a person, listed under "my account" and revocable there."""

    user = models.ForeignKey(User, models.CASCADE, related_name="signed_in_sessions")
    session_key = models.CharField(max_length=40, unique=True)
    opened_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ip_address = models.GenericIPAddressField(null=True)
    user_agent = models.CharField(max_length=300, blank=True)
    is_shared_phone = models.BooleanField(default=False)

    class Meta:
        ordering = ["-seen_at"]

    def __str__(self):
        return f"{self.user} {self.opened_at:%Y-%m-%d %H:%M}"
