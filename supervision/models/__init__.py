"""The rows of supervision, one module a part. States change only through `services`."""

from .chasing import Chase, Escalation, Pause
from .closing import CloseOut
from .funding import FundingNeed, FundingRequest, RequestLine
from .judging import Judgement, MajorCriterion
from .listing import (
    Listing,
    ListingAcceptance,
    ListingExtension,
    ListingStage,
    ProgressReport,
)
from .looking_back import Draw, LookBack, LookBackRule
from .measures import Appeal, Measure, MeasureStep, MeasureTrigger, Proposal
from .stops import Resumption, StopOrder
from .surroundings import JointMeeting, LetterPlace, MeetingPlace, Surrounding, SurroundingLetter

__all__ = [
    "Appeal",
    "Chase",
    "CloseOut",
    "Draw",
    "Escalation",
    "FundingNeed",
    "FundingRequest",
    "JointMeeting",
    "Judgement",
    "LetterPlace",
    "Listing",
    "ListingAcceptance",
    "ListingExtension",
    "ListingStage",
    "LookBack",
    "LookBackRule",
    "MajorCriterion",
    "Measure",
    "MeasureStep",
    "MeasureTrigger",
    "MeetingPlace",
    "Pause",
    "ProgressReport",
    "Proposal",
    "RequestLine",
    "Resumption",
    "StopOrder",
    "Surrounding",
    "SurroundingLetter",
]
