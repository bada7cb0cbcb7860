"""What a phone sends and what it gets back, as schemas. Pure: reads nothing, decides nothing.

What is wrong with a record is told by the type of the fault; `field_faults` has the sentence for people.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from .workflow import Answer, Mode

# The least release of the client that is served; a client below it is told to update, its queue stays.
MIN_CLIENT = 1
MOST_ITEMS, MOST_PHOTOS, PHOTOS_PER_FINDING = 400, 60, 6
# Of one record and of one photo, as bytes on the wire. Larger is refused unread.
MOST_RECORD_BYTES, MOST_PHOTO_BYTES = 256 << 10, 1536 << 10
SAID = frozenset(f"{answer}{mode}" for answer in Answer.values for mode in Mode.values)
# The years that a phone's clock may show, however wrong it is: beyond them no calendar can reckon.
YEARS = range(1900, 3000)


def is_jpeg(content: bytes) -> bool:
    """Do these bytes begin as a JPEG does? Whether they are one is seen when it is drawn anew."""
    return content.startswith(b"\xff\xd8\xff")


def _plain(text):
    """Without the one character that PostgreSQL keeps in no text."""
    return text.replace("\0", "")


def _reckonable(moment):
    if moment.year not in YEARS:
        raise PydanticCustomError("moment_out_of_range", "a year that no clock shows")
    return moment


PLAIN = AfterValidator(_plain)
Words = Annotated[str, Field(max_length=2000), PLAIN]
Line = Annotated[str, Field(max_length=120), PLAIN]
Moment = Annotated[AwareDatetime, AfterValidator(_reckonable)]
Photos = Annotated[list[UUID], Field(max_length=PHOTOS_PER_FINDING)]


class CheckIn(BaseModel):
    """Somebody stood at a zone, or said why not."""

    zone: Annotated[str, Field(max_length=12), PLAIN]
    point: int | None = None
    t: Moment
    how: Literal["qr", "code", "skip"]
    reason: Line = ""


class Walk(BaseModel):
    """A walk as it was answered, under the version of the checklist with which it was begun."""

    template: int
    day: date
    items: Annotated[list[int], Field(min_length=1, max_length=MOST_ITEMS)]
    answers: dict[int, str]
    photos: dict[int, Photos] = {}
    checkins: Annotated[list[CheckIn], Field(max_length=100)] = []
    note: Annotated[str, Field(max_length=300), PLAIN] = ""

    @model_validator(mode="after")
    def every_item_is_answered(self):
        """Nothing unanswered, nothing answered twice, nothing that was not asked."""
        if len(set(self.items)) != len(self.items) or set(self.answers) != set(self.items):
            raise PydanticCustomError("items_and_answers", "every item once, each with an answer")
        if not set(self.answers.values()) <= SAID:
            raise PydanticCustomError("unknown_answer", "an unknown answer")
        if not set(self.photos) <= set(self.items):
            raise PydanticCustomError("photo_not_asked", "a photo of an item that was not asked")
        return self


class FindingIn(BaseModel):
    """What is wrong, at an item of the walk or, as a snap report, by itself."""

    uuid: UUID
    item: int | None = None
    category: Annotated[str, Field(max_length=10), PLAIN] | None = None
    phrase: Annotated[str, Field(max_length=100), PLAIN] = ""
    note: Words = ""
    grade: Literal["general", "major"]
    place: Line = ""
    point: int | None = None
    fixed: bool = False
    photos: Photos
    after: Photos = []
    t: Moment


class Evidence(BaseModel):
    """What was done about a hazard."""

    hazard: Annotated[str, Field(max_length=40), PLAIN]
    measure: Words
    responsible: Annotated[str, Field(max_length=60), PLAIN] = ""
    cost: Annotated[Decimal, Field(ge=0, max_digits=12, decimal_places=2)] | None = None
    photos: Photos
    is_done: bool = True


class RecordIn(BaseModel):
    """One record of the queue."""

    kind: Literal["patrol", "snap", "evidence"]
    owner: int
    school: int
    app: Annotated[int, Field(ge=0, le=32000)]
    device: UUID | None = None
    offline: bool = False
    started: Moment
    finished: Moment
    skew: Annotated[int, Field(ge=-(10**13), le=10**13)] | None = None
    walk: Walk | None = None
    findings: Annotated[list[FindingIn], Field(max_length=MOST_ITEMS)] = []
    evidence: Evidence | None = None

    @field_validator("findings")
    @classmethod
    def each_finding_once(cls, findings):
        """Two findings with one number would be one row."""
        if len({row.uuid for row in findings}) != len(findings):
            raise PydanticCustomError("finding_twice", "a finding twice")
        return findings

    @model_validator(mode="after")
    def is_of_its_kind(self):
        """A walk has its answers, a snap one finding, evidence its hazard, and nothing else."""
        counts = {"patrol": len(self.findings), "snap": 1, "evidence": 0}
        has = (self.walk is not None, self.evidence is not None)
        if has != (self.kind == "patrol", self.kind == "evidence") or len(self.findings) != counts[self.kind]:
            raise PydanticCustomError("parts_and_kind", "the parts do not fit the kind")
        if self.walk:
            wrong = {item for item, said in self.walk.answers.items() if said[0] == Answer.PROBLEM}
            if {row.item for row in self.findings} != wrong or len(wrong) != len(self.findings):
                raise PydanticCustomError("problems_and_findings", "each problem one finding, and no others")
        return self

    def photo_uuids(self) -> list[UUID]:
        """Every photo that the record names; ValueError is impossible here: doubles are refused on use."""
        found = [uuid for row in self.findings for uuid in [*row.photos, *row.after]]
        found += [uuid for photos in (self.walk.photos.values() if self.walk else []) for uuid in photos]
        return found + (list(self.evidence.photos) if self.evidence else [])


class FindingOut(BaseModel):
    uuid: UUID
    number: str
    url: str


class Receipt(BaseModel):
    """The server's word that it has the record: kept by the phone, shown to whoever asks."""

    uuid: UUID
    kind: str
    number: str
    received: datetime
    sha256: str
    url: str
    findings: list[FindingOut] = []
    missed: list[str] = []
    flags: list[str] = []
    message: str = ""


class Fault(BaseModel):
    """Why something was not taken, in the person's language."""

    code: str
    message: str
    errors: dict[str, list[str]] = {}
    missing: list[UUID] = []


class SessionOut(BaseModel):
    user: str | None
    uid: int | None
    csrf: str
    now: datetime
    min_client: int
    is_shared: bool


class PhotoOut(BaseModel):
    uuid: UUID
    sha256: str


class PointOut(BaseModel):
    code: str
    token: str
    name: str
    zone: str
    school: int
