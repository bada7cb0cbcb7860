"""The verbs of saved views. A private taste, not an act upon a case: they write no event."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from .filtered import cleaned_text
from .models import SavedView, User

MOST = 30  # views a person may keep for one page
LONGEST = SavedView._meta.get_field("query").max_length
LONGEST_NAME = SavedView._meta.get_field("name").max_length


@transaction.atomic
def save(user, page, name, query, *, now, is_default=False):
    """Keep the choice `query` of `page` as `name`; returns the SavedView. Saving it again changes nothing.

    Raises ValidationError for words that do not do, a name that is taken, or too many views.
    """
    name, query = _name(name), _query(page, query)
    views = _mine(user, page)
    same = next((view for view in views if view.name == name), None)
    if same is not None and same.query != query:
        raise ValidationError(_("There is a view called %(name)s already.") % {"name": name})
    if same is None and len(views) >= MOST:
        raise ValidationError(_("At most %(n)d views can be kept for one list.") % {"n": MOST})
    view = same or SavedView.objects.create(
        user=user, page=page, name=name, query=query, created_at=now,
        position=views[-1].position + 1 if views else 0,
    )  # fmt: skip
    if is_default:
        _choose(view, views)
    return view


@transaction.atomic
def rename(view, *, name):
    """Give a view another name; ValidationError if it is taken."""
    name = _name(name)
    if any(other.name == name and other.pk != view.pk for other in _mine(view.user, view.page)):
        raise ValidationError(_("There is a view called %(name)s already.") % {"name": name})
    SavedView.objects.filter(pk=view.pk).update(name=name)


@transaction.atomic
def update(view, *, query):
    """Let a view keep another choice."""
    _mine(view.user, view.page)
    SavedView.objects.filter(pk=view.pk).update(query=_query(view.page, query))


@transaction.atomic
def delete(view):
    """Throw a view away; what it showed stays."""
    _mine(view.user, view.page)
    SavedView.objects.filter(pk=view.pk).delete()


@transaction.atomic
def make_default(view):
    """Begin with this view when the list is opened without a choice; the one before gives way."""
    _choose(view, _mine(view.user, view.page))


@transaction.atomic
def undo_default(view):
    """Begin with everything again."""
    _mine(view.user, view.page)
    SavedView.objects.filter(pk=view.pk).update(is_default=False)


@transaction.atomic
def put_first(view):
    """Put a view before the others."""
    rest = [other for other in _mine(view.user, view.page) if other.pk != view.pk]
    for position, each in enumerate([view, *rest]):
        SavedView.objects.filter(pk=each.pk).update(position=position)


def _mine(user, page):
    """The views of a person for a page in their order, under the person's lock: one verb at a time."""
    User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    return list(SavedView.objects.visible_to(user).filter(page=page))


def _choose(view, views):
    SavedView.objects.filter(pk__in=[other.pk for other in views]).update(is_default=False)
    SavedView.objects.filter(pk=view.pk).update(is_default=True)


def _name(words):
    name = " ".join(words.split())
    if not name:
        raise ValidationError(_("Give the view a name."))
    if len(name) > LONGEST_NAME:
        raise ValidationError(_("A name has at most %(n)d letters.") % {"n": LONGEST_NAME})
    return name


def _query(page, query):
    found = cleaned_text(page, query)
    if not found:
        raise ValidationError(_("Choose something in the filters first: everything needs no view."))
    if len(found) > LONGEST:
        raise ValidationError(_("This choice is too long to be kept."))
    return found
