"""Saved views (常用视图): what a person chose in a filtered list, kept under a name of their own."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class SavedViewQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A view belongs to the person who saved it; nobody else sees it."""
        return self.filter(user=user)


class SavedView(models.Model):
    """One choice for one list. `page` is the list's URL name, `query` its cleaned address part."""

    user = models.ForeignKey("core.User", models.CASCADE, related_name="saved_views")
    page = models.CharField(max_length=60)
    name = models.CharField(_("name of the view"), max_length=30)
    query = models.CharField(max_length=500)
    position = models.PositiveSmallIntegerField(default=0)
    is_default = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "page", "name"], name="saved_view_has_its_own_name"),
            models.UniqueConstraint(
                fields=["user", "page"], condition=Q(is_default=True), name="one_default_view_a_page"
            ),
        ]

    def __str__(self):
        return self.name
