"""Jobs: the outbox from which background work is taken. The broker is only a hint."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ..roles import Role


class JobQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Administrators and auditors see all jobs at or below their post; everyone what they asked for.

        The jobs of the system itself, which belong to no organisation, are seen from the root.
        """
        readers = {Role.ADMINISTRATOR, Role.AUDITOR}
        seen = Q(requested_by=user) | user.scope(via="organisation", roles=readers)
        if any(role in readers and path.count("/") == 1 for path, role in user.posts):
            seen |= Q(organisation=None)
        return self.filter(seen)


class Job(models.Model):
    """One piece of background work. `key` makes a repeated request harmless."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=60)
    arguments = models.JSONField(default=dict)
    key = models.CharField(max_length=200, unique=True, null=True)
    organisation = models.ForeignKey("core.Organisation", models.PROTECT, null=True, related_name="+")
    requested_by = models.ForeignKey("core.User", models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    run_after = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    done_steps = models.PositiveIntegerField(default=0)
    total_steps = models.PositiveIntegerField(default=0)
    result = models.JSONField(default=dict)
    error = models.TextField(blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["state", "run_after"]), models.Index(fields=["-created_at"])]

    def __str__(self):
        return f"{self.name} {self.get_state_display()}"
