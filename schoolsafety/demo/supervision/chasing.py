"""Deadlines in the demo: one chased in vain and put before the leader, pauses asked and running, windows."""

from datetime import date

from django.utils import timezone

from hazards import services as hazards
from hazards.models import Category, Hazard
from hazards.workflow import Grade, Source
from schoolsafety.core.models import CalendarWindow
from schoolsafety.core.roles import Role
from schoolsafety.core.workdays import calendar_for
from supervision.services import chasing, escalating, pausing
from supervision.settings_chasing import TEXT
from supervision.workflow.chasing import Way

LATE = ("消火栓箱门锈死打不开", "教学楼二层楼道", "XF")
WAITING = ("宿舍外墙瓷砖空鼓", "北侧宿舍楼", "JZ")
ASKED = ("操场围网立柱锈蚀", "操场东侧", "JZ")


def chased_in_vain(teller, district, school, facts, back):
    """Late for weeks, chased in three ways; the morning puts it before the district's leader."""
    box = _graded(teller, district, school, LATE, back, days=3)
    clerk = district.people[Role.DISTRICT_STAFF]

    def press(at, **how):
        chasing.chase_one(_fresh(box), actor=clerk, now=at, **how)

    teller.at(9, 9, lambda at: press(at, text=TEXT))
    teller.at(6, 10, lambda at: press(at, way=Way.TELEPHONE, note="与分管副校长通话，称配件未到货。"))
    teller.at(3, 9, lambda at: press(at, text=TEXT))
    teller.at(2, 7, lambda at: escalating.propose_all(today=timezone.localdate(at), now=at))


def paused(teller, district, school, facts, back):
    """The clock stands still for a gale; the school of another hazard asks for the same."""
    running = _graded(teller, district, school, WAITING, back, days=back + 6)
    asked = _graded(teller, district, school, ASKED, back, days=back + 4)
    clerk, officer = district.people[Role.DISTRICT_STAFF], school.people[Role.SAFETY_OFFICER]

    def begin(at, box, actor, reason):
        today, calendar = timezone.localdate(at), calendar_for(school.organisation)
        pausing.begin(
            _fresh(box), actor=actor, now=at, starts_on=today, ends_on=calendar.add(today, 6), reason=reason
        )  # fmt: skip

    teller.at(
        2, 11, lambda at: begin(at, running, clerk, "连续大风预警，高空作业停工；已拉警戒线并派人值守。")
    )
    teller.at(1, 10, lambda at: begin(at, asked, officer, "施工单位吊车检修，预计一周；操场东侧已封闭。"))


def windows(teller, district, school, facts, back):
    """The examinations and the summer's works of the whole city: written once, with the first district."""
    if CalendarWindow.objects.exists():
        return
    year = teller.today.year + (teller.today.month > 6)
    for kind, name, first, last in (
        ("exams", "高考", (6, 7), (6, 10)), ("exams", "中考", (6, 18), (6, 20)),
        ("works", "暑期校舍维修", (7, 6), (8, 21)),
    ):  # fmt: skip
        CalendarWindow.objects.create(
            kind=kind, name=name, starts_on=date(year, *first), ends_on=date(year, *last)
        )


STORIES = [(chased_in_vain, 16), (paused, 8), (windows, 1)]


def _graded(teller, district, school, what, back, *, days):
    """A general hazard found by the school and graded by the district with so many workdays; its box."""
    title, place, category = what
    officer, clerk = school.people[Role.SAFETY_OFFICER], district.people[Role.DISTRICT_STAFF]
    box = {}

    def report(at):
        box["hazard"] = hazards.report(
            school.organisation, actor=officer, title=title, place=place, source=Source.SNAP, found_at=at,
            category=Category.objects.get(pk=category), proposed_grade=Grade.GENERAL, now=at,
            photos=[teller.photo(category, "before")],
        )  # fmt: skip

    def grade(at):
        due_on = calendar_for(school.organisation).add(timezone.localdate(at), days)
        hazards.grade(
            _fresh(box), actor=clerk, grade=Grade.GENERAL, now=at, due_on=due_on, reason="需采购配件，限期整改。"
        )  # fmt: skip

    teller.at(back, 9, report)
    teller.at(back, 14, grade)
    return box


def _fresh(box):
    return Hazard.objects.select_related("school").get(pk=box["hazard"].pk)
