"""The rows of supervision, one module a part. States change only through `services`."""

from .closing import CloseOut
from .judging import Judgement, MajorCriterion
from .listing import (
    Listing,
    ListingAcceptance,
    ListingExtension,
    ListingStage,
    ProgressReport,
)
from .looking_back import Draw, LookBack, LookBackRule
from .stops import Resumption, StopOrder

__all__ = [
    "CloseOut",
    "Draw",
    "Judgement",
    "Listing",
    "ListingAcceptance",
    "ListingExtension",
    "ListingStage",
    "LookBack",
    "LookBackRule",
    "MajorCriterion",
    "ProgressReport",
    "Resumption",
    "StopOrder",
]
