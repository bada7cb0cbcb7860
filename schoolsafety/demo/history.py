"""Sixty days of patrols and general hazards, written in bulk, day by day in the order of time."""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from uuid import UUID

from django.utils import timezone

from hazards.models import Hazard
from hazards.workflow import Closure, Grade, Source, Status
from inspections.models import ChecklistTemplate, Finding, Patrol, PatrolDay
from inspections.workflow import Frequency, PatrolStatus
from schoolsafety.core.roles import Role
from schoolsafety.core.workdays import build_calendar, calendar_rows

from . import words
from .album import Album
from .ledger import Ledger

# How long a general hazard stays open: (share, days from, days to, fixed on the spot).
PACE = [
    (0.48, 0, 0, True),
    (0.24, 0, 1, False),
    (0.16, 1, 3, False),
    (0.08, 4, 12, False),
    (0.04, 90, 99, False),
]


@dataclass
class Walk:
    """A school as the generator sees it: its place, its diligence, the items that apply to it."""

    place: object
    diligence: float
    items: list
    item_ids: list
    codes: dict = field(default_factory=dict)


class History:
    """Writes one day after the other; services may act between two days."""

    def __init__(self, schools, rng, album: Album):
        self.rng = rng
        self.album = album
        self.ledger = Ledger()
        self.template = ChecklistTemplate.objects.in_force(timezone.localdate()).get(
            organisation=None, code="builtin"
        )
        self.items = list(self.template.items.all())
        self.walks = [self._walk(place) for place in schools]
        self.calendars = self._calendars(schools)
        self.fixes: dict = {}  # day -> [(hazard, what was done)]
        self.write_offs: dict = {}  # day -> [hazard]

    # --- one day -----------------------------------------------------------------------------
    def day(self, day):
        """Patrols, findings, snap reports, fixes and write-offs of one day; returns the number of patrols."""
        due = [walk for walk in self.walks if self.calendars[walk.place.organisation.pk].is_school_day(day)]
        patrols, findings = [], []
        for walk in due:
            if self.rng.random() < walk.diligence:
                patrol, found = self._patrol(walk, day)
                patrols.append(patrol)
                findings += found
        Patrol.objects.bulk_create([patrol for patrol, _walk in patrols], batch_size=500)
        self._patrol_events(patrols)
        self._patrol_days(due, patrols, day)
        self._report(findings + self._snaps(due, day), day)
        self._fix(day)
        self._write_off(day)
        self.album.save()
        self.ledger.flush()
        return len(patrols)

    def plan_today(self, today):
        """Who owes a patrol today; nobody has walked yet."""
        due = [walk for walk in self.walks if self.calendars[walk.place.organisation.pk].is_school_day(today)]
        self._patrol_days(due, [], today)

    def _patrol(self, walk, day):
        """(patrol, walk) and its findings; the counts agree with the packed answers."""
        school, officer = walk.place.organisation, walk.place.people[Role.SAFETY_OFFICER]
        begun = self._at(day, 7, 20, 90)
        ended = begun + timedelta(minutes=self.rng.randrange(9, 26))
        found = self._findings_of(walk)
        absent = {pk for pk in walk.item_ids if self.rng.random() < 0.015} - {
            item.pk for item, _what in found
        }
        problems = {item.pk for item, _what in found}
        answers = {}
        for pk in walk.item_ids:
            calm = "xe" if pk in absent else self.rng.choice(["ne", "nb", "nb"])
            answers[str(pk)] = "pf" if pk in problems else calm
        bulk = sum(1 for answer in answers.values() if answer == "nb")
        patrol = Patrol(
            school=school, officer=officer, day=day, template=self.template, client_uuid=self._uuid(),
            number=f"XC{school.code}-{day:%Y%m%d}-1", status=PatrolStatus.SUBMITTED, item_ids=walk.item_ids,
            photo_item_ids=walk.item_ids[:2], answers=answers, problem_count=len(problems),
            not_applicable_count=len(absent), bulk_count=bulk,
            normal_count=len(answers) - len(problems) - len(absent), started_at=begun, submitted_at=ended,
        )  # fmt: skip
        return (patrol, walk), [(patrol, walk, item, what, ended) for item, what in found]

    def _findings_of(self, walk):
        if not walk.codes or self.rng.random() > 0.27:
            return []
        chosen = self.rng.sample(sorted(walk.codes), k=min(len(walk.codes), self.rng.choice([1, 1, 1, 2])))
        found = []
        for code in chosen:
            what = self.rng.choice(words.FINDINGS[code])
            if what[2] == Grade.GENERAL or self.rng.random() < 0.06:
                found.append((walk.codes[code], what))
        return found

    def _snaps(self, due, day):
        """Snap reports outside the walk: one school in fifteen a day."""
        rows = []
        for walk in due:
            if self.rng.random() < 0.065:
                title, place, category, done = self.rng.choice(words.SNAPS)
                rows.append(
                    (None, walk, category, (title, place, Grade.GENERAL, done), self._at(day, 9, 0, 420))
                )
        return rows

    # --- a hazard's way ----------------------------------------------------------------------
    def _report(self, rows, day):
        """Findings and snap reports become hazards; their later acts are put on the coming days."""
        hazards, links = [], []
        for patrol, walk, item, (phrase, place, grade, done), at in rows:
            hazard = self._hazard(walk, item, phrase, place, grade, at, day, is_snap=patrol is None)
            hazards.append(hazard)
            links.append((hazard, patrol, walk, item, phrase, place, at))
            if grade == Grade.GENERAL:
                self._plan(hazard, walk, done, day)
        Hazard.objects.bulk_create(hazards, batch_size=500)
        self._findings(links)
        for hazard, _patrol, walk, *_rest in links:
            officer = walk.place.people[Role.SAFETY_OFFICER]
            self._event(
                hazard, "hazards.report", walk, officer, hazard.reported_at, grade=hazard.proposed_grade
            )
            self.album.pin(hazard, officer, "before", hazard.reported_at)

    def _hazard(self, walk, item, phrase, place, grade, at, day, *, is_snap):
        school = walk.place.organisation
        number = self.ledger.number(school, "hazard", day.year)
        is_general = grade == Grade.GENERAL
        return Hazard(
            number=f"{school.code}-{day.year}-{number:04d}", client_uuid=self._uuid(), school=school,
            title=phrase, place=place, category_id=item if is_snap else item.category_id,
            item_code="" if is_snap else item.code, source=Source.SNAP if is_snap else Source.PATROL,
            status=Status.REPORTED, proposed_grade=grade, found_at=at, found_on=day, reported_at=at,
            found_by=walk.place.people[Role.SAFETY_OFFICER],
            due_on=day if is_general else None, first_due_on=day if is_general else None,
        )  # fmt: skip

    def _findings(self, links):
        Finding.objects.bulk_create(
            [
                Finding(
                    patrol=patrol, school=walk.place.organisation, item=item, client_uuid=self._uuid(),
                    phrase=phrase, place=place, proposed_grade=hazard.proposed_grade, noted_at=at,
                    hazard=hazard,
                )
                for hazard, patrol, walk, item, phrase, place, at in links
                if patrol is not None
            ],
            batch_size=500,
        )  # fmt: skip

    def _plan(self, hazard, walk, done, day):
        _share, low, high, on_spot = self.rng.choices(PACE, [row[0] for row in PACE])[0]
        wait = self.rng.randint(low, high)
        hazard.is_fixed_on_spot = on_spot
        self.fixes.setdefault(day + timedelta(days=wait), []).append((hazard, walk, done))

    def _fix(self, day):
        """The officer hands in what was done, with the photo of after."""
        rows = self.fixes.pop(day, [])
        for hazard, walk, done in rows:
            officer = walk.place.people[Role.SAFETY_OFFICER]
            at = max(hazard.reported_at + timedelta(minutes=6), self._at(day, 10, 0, 300))
            hazard.status, hazard.submitted_at, hazard.submitted_by = Status.SUBMITTED, at, officer
            hazard.measure, hazard.responsible = done, str(officer)
            hazard.cost = None if self.rng.random() < 0.6 else self.rng.randrange(50, 2400, 10)
            self._event(
                hazard, "hazards.submit", walk, officer, at, note=done, status=["reported", "submitted"]
            )
            self.album.pin(hazard, officer, "after", at)
            later = day + timedelta(days=self.rng.choice([0, 0, 1, 1, 2]))
            self.write_offs.setdefault(later, []).append((hazard, walk))
        Hazard.objects.bulk_update(
            [row[0] for row in rows],
            ["status", "submitted_at", "submitted_by", "measure", "responsible", "cost", "is_fixed_on_spot"],
            batch_size=200,
        )

    def _write_off(self, day):
        """The principal, who did not hand it in, writes it off."""
        rows = self.write_offs.pop(day, [])
        for hazard, walk in rows:
            principal = walk.place.people[Role.PRINCIPAL]
            at = max(hazard.submitted_at + timedelta(minutes=9), self._at(day, 16, 0, 80))
            hazard.status, hazard.grade, hazard.closure = Status.CLOSED, Grade.GENERAL, Closure.RECTIFIED
            hazard.closed_at, hazard.closed_on, hazard.closed_by = at, day, principal
            self._event(hazard, "hazards.close", walk, principal, at, status=["submitted", "closed"])
        Hazard.objects.bulk_update(
            [row[0] for row in rows],
            ["status", "grade", "closure", "closed_at", "closed_on", "closed_by"],
            batch_size=200,
        )

    # --- small things ------------------------------------------------------------------------
    def _patrol_events(self, patrols):
        for patrol, walk in patrols:
            self._event(
                patrol, "inspections.submit_patrol", walk, patrol.officer, patrol.submitted_at,
                items=len(patrol.item_ids), problems=patrol.problem_count,
            )  # fmt: skip

    def _patrol_days(self, due, patrols, day):
        done = {patrol.school_id: patrol for patrol, _walk in patrols}
        rows = []
        for walk in due:
            patrol = done.get(walk.place.organisation.pk)
            row = PatrolDay(school=walk.place.organisation, day=day, is_due=True)
            if patrol:
                row.patrols, row.items, row.normal = 1, len(patrol.item_ids), patrol.normal_count
                row.problems, row.not_applicable = patrol.problem_count, patrol.not_applicable_count
                row.bulk, row.first_submitted_at = patrol.bulk_count, patrol.submitted_at
            rows.append(row)
        PatrolDay.objects.bulk_create(rows, batch_size=500)

    def _event(self, subject, verb, walk, actor, at, *, note="", **changes):
        self.ledger.note(
            subject, verb, organisation=walk.place.organisation, actor=actor, at=at, note=note, **changes
        )

    def _walk(self, place):
        school = place.organisation
        daily = [item for item in self.items if item.frequency == Frequency.DAILY and item.applies_to(school)]
        codes = {item.code: item for item in daily if item.code in words.FINDINGS}
        diligence = self.rng.choices([0.995, 0.96, 0.8], [6, 3, 1])[0]
        return Walk(place, diligence, daily, [item.pk for item in daily], codes)

    def _calendars(self, schools):
        ids = {pk for place in schools for pk in place.organisation.path_ids()}
        days, terms = calendar_rows(ids)
        by_parent: dict = {}
        calendars = {}
        for place in schools:
            path = place.organisation.path_ids()
            key = tuple(path[:-1])
            if key not in by_parent:
                by_parent[key] = build_calendar(days, terms, path)
            calendars[place.organisation.pk] = by_parent[key]
        return calendars

    def _at(self, day, hour, minute, spread):
        moment = datetime.combine(day, time(hour, minute), tzinfo=timezone.get_default_timezone())
        return moment + timedelta(minutes=self.rng.randrange(spread), seconds=self.rng.randrange(60))

    def _uuid(self):
        return UUID(int=self.rng.getrandbits(128), version=4)
