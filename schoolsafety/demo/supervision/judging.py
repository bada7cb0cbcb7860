"""Judgements and close-outs in the demo: one by the criteria, one late downgrade, one photo used twice."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from hazards import services as hazards
from hazards.models import Category, Hazard
from hazards.workflow import Grade, Source
from schoolsafety.core.roles import Role
from schoolsafety.core.workdays import calendar_for
from supervision.models import MajorCriterion
from supervision.services import judging
from supervision.workflow.judging import Answer

# (title, place, the criterion that is met, the fact that shows it)
EXITS = ("体育馆一侧安全出口被器材封堵", "体育馆北侧", "8", "北侧出口被器材堵死，现场只剩一个出口可用")
BARS = ("宿舍外窗加装铁栅栏不能从内打开", "女生宿舍三层", "9", "三层外窗均加装铁栅栏，无法从内部开启")


def judged(teller, district, school, facts, back):
    """Found major by walking through the criteria; the school fills in its plan."""
    box = _reported(teller, school, EXITS, back)
    _judge(
        teller, district, box, EXITS, back, is_major=True, reason="北侧出口封堵，出口数量不足，符合第8条。"
    )


def downgraded(teller, district, school, facts, back):
    """Judged major, then not major three workdays before its deadline: a leader has to look it over."""
    box = _reported(teller, school, BARS, back)
    _judge(
        teller, district, box, BARS, back, is_major=True, days=back - 1, reason="铁栅栏影响逃生，符合第9条。"
    )
    _judge(
        teller, district, box, None, 4, is_major=False, reason="栅栏已改为可从内开启，现场试开合格，复核为一般。"
    )  # fmt: skip


def copied(teller, district, school, facts, back):
    """Two cases handed in with the same photo of after: whoever verifies the second gets a hint."""
    content = teller.photo("XF", "after").read()
    for number, (title, place) in enumerate(
        [("楼梯间堆放课桌椅", "一号楼东侧"), ("楼道堆放纸箱", "二号楼西侧")]
    ):
        _handed_in(teller, school, title, place, content, back - number)


def _reported(teller, school, case, back):
    box: dict = {}
    officer = school.people[Role.SAFETY_OFFICER]

    def report(at):
        box["hazard"] = hazards.report(
            school.organisation, actor=officer, title=case[0], place=case[1], source=Source.SNAP,
            category=Category.objects.get(pk="XF"), proposed_grade=Grade.MAJOR, found_at=at, now=at,
            photos=[teller.photo("XF", "before")],
        )  # fmt: skip

    teller.at(back, 8, report)
    return box


def _judge(teller, district, box, case, back, *, is_major, reason, days=None):
    clerk = district.people[Role.DISTRICT_STAFF]

    def decide(at):
        hazard = Hazard.objects.select_related("school").get(pk=box["hazard"].pk)
        today = timezone.localdate(at)
        judging.judge(
            hazard, actor=clerk, is_major=is_major, reason=reason, now=at, after=judging.newest_of(hazard),
            answers=[_answer(row, case) for row in MajorCriterion.objects.in_force(today).filter(area="fire")],
            due_on=calendar_for(hazard.school).add(today, days) if days else None,
        )  # fmt: skip

    teller.at(back, 14, decide)


def _answer(row, case):
    if case and row.item_no == case[2]:
        return row, Answer.MET, case[3]
    return row, Answer.NOT_MET, ""


def _handed_in(teller, school, title, place, content, back):
    officer = school.people[Role.SAFETY_OFFICER]

    def act(at):
        hazard = hazards.report(
            school.organisation, actor=officer, title=title, place=place, source=Source.SNAP,
            category=Category.objects.get(pk="XF"), proposed_grade=Grade.GENERAL, found_at=at, now=at,
            photos=[teller.photo("XF", "before")],
        )  # fmt: skip
        after = SimpleUploadedFile("after.jpg", content, "image/jpeg")
        hazards.submit(hazard, actor=officer, measure="已清理，通道畅通", photos=[after], now=at)

    teller.at(back, 15, act)


STORIES = [(judged, 6), (downgraded, 8), (copied, 2)]
