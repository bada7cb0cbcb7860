"""The demo's weekly reports and bulletins: drafted by the services on their days, then signed and issued."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from reports.models import WeeklyReport
from reports.services import bulletins, drafting, editions
from reports.workflow import WeeklyStatus
from schoolsafety.core.audit import invented_time
from schoolsafety.core.roles import Role
from schoolsafety.core.workdays import calendar_for

GRADES = ("general", "major")
REASON = "所需配件已采购，到货后当日完成；期间已停用并由专人值守。"
MATTERS = ["请协调交警早晚高峰增派警力。", "请协调燃气公司上门检测。", "", "", ""]


class Clerkship:
    """Drafts on the last school day of each week and on the first of each month."""

    def __init__(self, city, districts, schools, rng, ledger):
        self.city, self.districts, self.rng, self.ledger = city, districts, rng, ledger
        self.places = {place.organisation.pk: place for place in [city, *districts, *schools]}
        self.calendar = calendar_for(city.organisation)

    def day(self, day, today):
        """The papers of one day; nothing is signed in the newest week, so that it can be tried."""
        if self.calendar.last_school_day_of_week(day) == day:
            monday = day - timedelta(days=day.weekday())
            self._week(monday, day, is_newest=today - day < timedelta(days=6))
        if day.day == 2:
            self._month((day.replace(day=1) - timedelta(days=1)).replace(day=1), day, today)

    def _week(self, monday, day, *, is_newest):
        drafting.draft_week(monday, now=self.at(day, 15, 30))
        rows = WeeklyReport.objects.filter(week_start=monday).select_related("organisation__parent")
        signed = []
        for report in rows:
            place = self.places[report.organisation_id]
            if report.organisation.is_school and self.rng.random() > (0.55 if is_newest else 0.04):
                signed.append(self._sign(report, place, day))
        fields = [
            "status", "reasons", "matters", "is_nil", "submitted_at", "submitted_by", "signed_at", "signed_by",
            "received_at", "received_by",
        ]  # fmt: skip
        WeeklyReport.objects.bulk_update(signed, fields, batch_size=200)
        self.ledger.flush()
        if not is_newest:
            self._roll_up(monday, day, fields)

    def _roll_up(self, monday, day, fields):
        """The bureaus' sums, drawn again over what was signed, then signed by their leaders."""
        drafting.draft_week(monday, now=self.at(day, 17, 0))
        rows = WeeklyReport.objects.filter(week_start=monday).select_related("organisation__parent")
        bureaus = [row for row in rows if row.organisation.is_bureau]
        for report in bureaus:
            people = self.places[report.organisation_id].people
            clerk = people.get(Role.DISTRICT_STAFF) or people[Role.CITY_STAFF]
            leader = people.get(Role.DISTRICT_LEADER) or people[Role.CITY_LEADER]
            report.reasons = REASON if any(report.figures["counts"][g]["overdue"] for g in GRADES) else ""
            report.submitted_at, report.submitted_by = self.at(day, 17, 10), clerk
            report.signed_at, report.signed_by = self.at(day, 17, 30), leader
            report.status = WeeklyStatus.SIGNED
            self._note(report, "reports.submit_weekly", clerk, report.submitted_at)
            self._note(report, "reports.sign_weekly", leader, report.signed_at, late=report.is_late)
            if report.organisation.parent_id:
                report.status, report.received_at = WeeklyStatus.RECEIVED, self.at(day, 17, 50)
                report.received_by = self.city.people[Role.CITY_STAFF]
                self._note(report, "reports.receive_weekly", report.received_by, report.received_at)
        WeeklyReport.objects.bulk_update(bureaus, fields)
        self.ledger.flush()

    def _sign(self, report, place, day):
        """Submitted by the officer, signed by the principal, received above; now and then a day late."""
        officer, principal = place.people[Role.SAFETY_OFFICER], place.people[Role.PRINCIPAL]
        late = timedelta(days=3) if self.rng.random() < 0.05 else timedelta(0)
        counts = report.figures["counts"]
        report.is_nil = not any(
            counts[grade]["new"] + counts[grade]["open"] for grade in ("general", "major")
        )
        report.reasons = REASON if any(counts[g]["overdue"] for g in GRADES) else ""
        report.matters = self.rng.choice(MATTERS)
        report.submitted_at, report.submitted_by = self.at(day, 15, 50) + late, officer
        report.signed_at, report.signed_by = self.at(day, 16, 20) + late, principal
        self._note(report, "reports.submit_weekly", officer, report.submitted_at)
        self._note(report, "reports.sign_weekly", principal, report.signed_at, late=report.is_late)
        report.status = WeeklyStatus.SIGNED
        above = self.places.get(report.organisation.parent_id)
        clerk = above and (above.people.get(Role.DISTRICT_STAFF) or above.people.get(Role.CITY_STAFF))
        if clerk and self.rng.random() < 0.9:
            report.status, report.received_by = WeeklyStatus.RECEIVED, clerk
            report.received_at = report.signed_at + timedelta(minutes=15 + self.rng.randrange(30))
            self._note(report, "reports.receive_weekly", clerk, report.received_at)
        return report

    def _month(self, month, day, today):
        """Drafted on the first, approved and issued on the second; the newest stays a draft at the city."""
        for place in [*self.districts, self.city]:
            clerk = place.people.get(Role.DISTRICT_STAFF) or place.people[Role.CITY_STAFF]
            leader = place.people.get(Role.DISTRICT_LEADER) or place.people[Role.CITY_LEADER]
            with invented_time(self.at(day, 9, 0)):
                row = editions.draft(place.organisation, month, now=self.at(day, 9, 0))
            if place is self.city and (today - day).days < 40:
                continue
            for hour, act, actor in (
                (10, bulletins.submit_bulletin, clerk),
                (14, bulletins.approve, leader),
                (15, bulletins.issue, clerk),
            ):
                at = self.at(day, hour, 20)
                with invented_time(at):
                    row = act(row, actor=actor, now=at)
            if (today - day).days > 14:
                self._read(row, day)

    def _read(self, bulletin, day):
        """Most confirm reading the next morning; two stay silent."""
        receipts = list(bulletin.receipts.select_related("organisation"))
        self.rng.shuffle(receipts)
        for receipt in receipts[2:]:
            place = self.places[receipt.organisation_id]
            reader = place.people.get(Role.PRINCIPAL) or place.people[Role.DISTRICT_STAFF]
            receipt.read_at, receipt.read_by = self.at(day + timedelta(days=1), 8, 10), reader
            self.ledger.note(
                bulletin, "reports.read_bulletin", organisation=receipt.organisation, actor=reader,
                at=receipt.read_at,
            )  # fmt: skip
        type(receipts[0]).objects.bulk_update(receipts, ["read_at", "read_by"], batch_size=500)

    def _note(self, report, verb, actor, at, **changes):
        self.ledger.note(
            report,
            verb,
            organisation=report.organisation,
            actor=actor,
            at=at,
            week=report.week_start,
            **changes,
        )

    def at(self, day, hour, minute):
        return datetime.combine(day, time(hour, minute), timezone.get_default_timezone())
