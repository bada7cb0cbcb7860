"""May this person hold the post? A look-up in the register of bans, written down as an act."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from hazards.workflow import BUREAU, NotAllowed
from schoolsafety.core.audit import record_event
from schoolsafety.core.models import Organisation
from schoolsafety.core.roles import BUREAU_ROLES

from ..models import Measure


@transaction.atomic
def check_person(name, *, actor, today):
    """The bans on `today` of persons of this name, in the whole tree of the actor's bureaus: a person banned
    in one district may ask for a post in the next. Returns them, soonest end last.

    Who looked up whom is kept, the name as erasable words. Same names are not the same person: people judge.
    """
    words = (name or "").strip()
    if not words:
        raise ValidationError({"name": _("Write the name.")})
    paths = [path for path, role in actor.posts if role in BUREAU_ROLES]
    if not paths:
        raise NotAllowed(_("Only a bureau checks whether a person may hold a post."))
    bureau = Organisation.objects.get(path=min(paths, key=len))
    root = bureau.path_ids()[0]
    rows = Measure.objects.bans_on(today).filter(person_name=words, school__path__startswith=f"{root}/")
    found = list(rows.select_related("school", "organisation").order_by("-until"))
    record_event(
        bureau, "supervision.check_person", organisation=bureau, actor=actor, note=words,
        post=actor.post_for(bureau, BUREAU), found=len(found),
    )  # fmt: skip
    return found
