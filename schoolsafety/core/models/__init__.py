"""The tables of the kernel, one module an aggregate."""

from .attachment import Attachment
from .calendar import CalendarDay, CalendarWindow, SchoolTerm
from .event import Anchor, AnchorLeaf, ChainHead, Event, EventText
from .importing import ImportBatch
from .job import Job
from .notification import Delivery, Notification, NotificationChoice
from .organisation import Organisation
from .paper import Paper
from .person import Post, SignedInSession, User
from .photo_print import PhotoPrint
from .preference import Preference
from .saved_view import SavedView
from .sequence import NumberSequence

__all__ = [
    "Anchor",
    "AnchorLeaf",
    "Attachment",
    "CalendarDay",
    "CalendarWindow",
    "ChainHead",
    "Delivery",
    "Event",
    "EventText",
    "ImportBatch",
    "Job",
    "Notification",
    "NotificationChoice",
    "NumberSequence",
    "Organisation",
    "Paper",
    "PhotoPrint",
    "Post",
    "Preference",
    "SavedView",
    "SchoolTerm",
    "SignedInSession",
    "User",
]
