"""The tables of inspections, one module an aggregate."""

from .checklist import ChecklistItem, ChecklistTemplate
from .field import FieldPhoto, FieldRecord
from .inspection import Inspection, InspectionMember
from .notice import Notice, NoticeItem
from .patrol import Finding, Patrol, PatrolDay
from .point import Point, Zone

__all__ = [
    "ChecklistItem",
    "ChecklistTemplate",
    "FieldPhoto",
    "FieldRecord",
    "Finding",
    "Inspection",
    "InspectionMember",
    "Notice",
    "NoticeItem",
    "Patrol",
    "PatrolDay",
    "Point",
    "Zone",
]
