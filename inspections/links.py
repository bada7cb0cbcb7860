"""What the app below shows of this one: the notices that cite a hazard, and who may see which file."""

from hazards import presentation
from schoolsafety.core.files import register_owner

from .models import FieldPhoto, Finding, NoticeItem, Patrol


def notices_citing(hazard, user):
    """[{url, text}] of the issued notices that cite the hazard, as far as this person sees them."""
    rows = NoticeItem.objects.filter(hazard=hazard, notice__number__isnull=False).select_related("notice")
    return [
        {
            "url": row.notice.get_absolute_url(),
            "text": f"{row.notice.number} · {row.notice.get_status_display()}",
        }
        for row in rows
    ]


presentation.NOTICE_SOURCES.append(notices_citing)
register_owner(Patrol, Patrol.objects.visible_to)
register_owner(Finding, Finding.objects.visible_to)
register_owner(FieldPhoto, FieldPhoto.objects.visible_to)
