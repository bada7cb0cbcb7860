"""What the photos of a rectification give a verifier to think about. Hints, never a refusal. Reads only."""

from collections import defaultdict

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _

from hazards.models import Hazard
from schoolsafety.core import files, photo_prints
from schoolsafety.core.models import Attachment
from schoolsafety.core.roles import BUREAU_ROLES, Role

VERIFIERS = BUREAU_ROLES | {Role.PRINCIPAL}
COUNTED = 100  # rows of other cases that are looked at
LINKED = 3


def hints_of(hazards, user):
    """{hazard key: [{"text", "links": [{"url", "label"}]}]} for who verifies these hazards; five queries."""
    watched = [hazard for hazard in hazards if user.roles_at(hazard.school) & VERIFIERS]
    pairs = {key: _pair(photos) for key, photos in files.photos_for(watched).items()}
    if not any(after for _before, after in pairs.values()):
        return {}
    shas = {photo.sha256 for before, after in pairs.values() for photo in [*before, *after]}
    prints = photo_prints.prints_of(shas)
    near = photo_prints.near(
        [
            prints[photo.sha256]
            for _before, after in pairs.values()
            for photo in after
            if photo.sha256 in prints
        ]
    )
    used = _used(pairs, near)
    seen = _seen({owner for owners in used.values() for owner in owners}, user)
    return {
        hazard.pk: [
            *_again(hazard, pairs[hazard.pk], near, used, seen),
            *_unlike(pairs[hazard.pk], prints),
        ]
        for hazard in watched
        if hazard.pk in pairs
    }


def _pair(photos):
    return (
        [photo for photo in photos if photo.purpose == "before"],
        [photo for photo in photos if photo.purpose == "after"],
    )


def _used(pairs, near):
    """{sha256: owners} of every hazard that shows these bytes (one query)."""
    wanted = set(near) | {sha for others in near.values() for sha in others}
    wanted |= {photo.sha256 for _before, after in pairs.values() for photo in after}
    rows = Attachment.objects.filter(
        sha256__in=wanted, owner_type=ContentType.objects.get_for_model(Hazard), kind=Attachment.Kind.PHOTO
    )
    found = defaultdict(set)
    for sha, owner in rows.order_by("-pk").values_list("sha256", "owner_id")[:COUNTED]:
        found[sha].add(owner)
    return found


def _seen(owners, user):
    """{key: Hazard} of those that this person sees (one query)."""
    return {row.pk: row for row in Hazard.objects.visible_to(user).filter(pk__in=owners)}


def _again(hazard, pair, near, used, seen):
    """The same photo, or nearly, elsewhere: in other cases, or already as this one's before."""
    before, after = pair
    hints, owners = [], set()
    for photo in after:
        alike = {photo.sha256, *near.get(photo.sha256, [])}
        owners |= {owner for sha in alike for owner in used.get(sha, ())}
        if any(other.sha256 in alike for other in before):
            text = _("A photo of after is the same as, or almost the same as, the photo of before.")
            hints.append({"text": text, "links": []})
    others = {owner for owner in owners - {hazard.pk} if not _is_duplicate(seen.get(owner), hazard)}
    if others:
        links = [
            {"url": seen[owner].get_absolute_url(), "label": seen[owner].number}
            for owner in sorted(others & set(seen), reverse=True)[:LINKED]
        ]
        hints.append({"text": _again_words(len(others)), "links": links})
    return hints


def _again_words(count):
    if count == 1:
        return _("A photo of after is the same as, or almost the same as, a photo of another case.")
    words = {"n": count}
    return _("A photo of after is the same as, or almost the same as, photos of %(n)d other cases.") % words


def _is_duplicate(other, hazard):
    """Was one merged into the other? Then they share their photos rightly."""
    return other is not None and (other.merged_into_id == hazard.pk or hazard.merged_into_id == other.pk)


def _unlike(pair, prints):
    """No photo of after resembles any of before."""
    looks = [[prints[photo.sha256].look for photo in side if photo.sha256 in prints] for side in pair]
    if not all(looks) or not all(
        photo_prints.is_unlike(one, other) for one in looks[0] for other in looks[1]
    ):
        return []
    text = _(
        "Before and after share hardly any colours, and light and dark lie elsewhere. That may be another "
        "place; it may as well be other light, another angle or a thorough repair. Compare them yourself."
    )
    return [{"text": text, "links": []}]
