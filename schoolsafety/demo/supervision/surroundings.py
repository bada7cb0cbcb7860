"""Hazards around schools in the demo: letters waited for, answered and reminded of, a joint meeting."""

from datetime import timedelta

from django.utils import timezone

from hazards import services as hazards
from hazards.models import Category
from hazards.workflow import Source
from schoolsafety.core.models import Organisation
from schoolsafety.core.roles import Role
from schoolsafety.demo import words
from supervision.models import Surrounding, SurroundingLetter
from supervision.services import joint_meetings
from supervision.services import surrounding_letters as letters
from supervision.services import surroundings as archive
from supervision.workflow.surroundings import Kind

# (kind, what is wrong, where, metres, the agency's ending, what the school does meanwhile)
PLACES = [
    (Kind.FOOD_STALL, "放学时段流动食品摊占用人行道", "校门东侧人行道", 40, "城市管理局", "护学岗疏导，提醒不购买"),
    (Kind.CONGESTION, "家长车辆双排停放，学生穿行机动车道", "校门前道路", 15, "公安局交警大队", "错峰放学，教师值守"),
    (Kind.NET_CAFE, "网吧接纳未成年人，距校门不足二百米", "临街商铺二层", 165, "文化市场综合执法大队", "家访提醒"),
    (Kind.WORKS, "工地渣土车高峰时段经过校门", "北侧工地出入口", 90, "住房和城乡建设局", "高峰时段教师引导"),
    (Kind.QUARRY, "采石场爆破震动，教学楼窗玻璃开裂", "西侧山坡", 480, "应急管理局", "爆破时段停止户外活动"),
    (Kind.TOBACCO, "便利店向学生零售卷烟", "校门对面便利店", 35, "烟草专卖局", "班会教育"),
]  # fmt: skip
MEMBERS = "公安局交警大队 王某 大队长\n城市管理局 李某 科长\n市场监督管理局 张某 所长"


def around(teller, district, school, facts, back):
    """Six places of one district: reminded of, answered, solved, to be written about, with a draft to issue."""
    clerk, leader = district.people[Role.DISTRICT_STAFF], district.people[Role.DISTRICT_LEADER]
    schools = list(Organisation.objects.filter(parent=district.organisation).schools()[:6])
    area = words.CITY[0] + district.organisation.short_name.removesuffix("教育局")
    rows = {}

    def record(index, at):
        kind, title, place, metres, agency, protection = PLACES[index]
        rows[index] = archive.report_surrounding(
            schools[index % len(schools)], actor=clerk, now=at, kind=kind, title=title, place=place,
            distance=metres, agency=f"{area}{agency}", protection=protection, found_on=timezone.localdate(at),
        )  # fmt: skip

    def send(indexes, at, **words):
        draft = letters.draft_letter(
            [rows[index] for index in indexes], actor=clerk, now=at, contact=f"{clerk} 0000-5550100", **words
        )
        return letters.issue_letter(draft, actor=leader, now=at)

    def remind(at):
        late = SurroundingLetter.objects.get(places__surrounding=rows[0], status="sent")
        draft = letters.draft_reminder(late, actor=clerk, now=at)
        letters.issue_letter(draft, actor=leader, now=at)

    teller.at(back, 9, lambda at: [record(index, at) for index in (0, 1, 2, 3)])
    teller.at(back - 1, 10, lambda at: [
        send([0, 1], at, addressee=f"{area}人民政府"), send([2], at), send([3], at)
    ])  # fmt: skip
    teller.at(back - 9, 15, lambda at: _answered(rows[2], clerk, at, "已责令停业整顿，每周抽查。"))
    teller.at(back - 12, 15, lambda at: _answered(rows[3], clerk, at, "已要求渣土车避开上放学时段。"))
    teller.at(back - 18, 9, remind)
    teller.at(9, 16, lambda at: _solved(teller, rows[3], clerk, at))
    teller.at(4, 10, lambda at: record(5, at))
    teller.at(3, 9, lambda at: record(4, at))
    teller.at(2, 10, lambda at: letters.draft_letter([rows[5]], actor=clerk, now=at))
    teller.at(2, 15, lambda at: joint_meetings.call_meeting(
        [rows[0], rows[1]], actor=clerk, now=at, title="校园周边综合治理联席会议", venue="区教育局二楼会议室",
        held_on=timezone.localdate(at) + timedelta(days=7), members=MEMBERS,
    ))  # fmt: skip


def handed_over(teller, district, school, facts, back):
    """A hazard that the school reported and that lies outside its power."""
    officer, clerk = school.people[Role.SAFETY_OFFICER], district.people[Role.DISTRICT_STAFF]
    area = words.CITY[0] + district.organisation.short_name.removesuffix("教育局")

    def hand_over(at):
        hazard = hazards.report(
            school.organisation, actor=officer, title="围墙外塔吊吊臂越过操场上空", place="操场北侧墙外",
            category=Category.objects.get(code="ZB"), source=Source.SNAP, proposed_grade="general",
            found_at=at, now=at, photos=[teller.photo("ZB", "before")],
        )  # fmt: skip
        archive.take_over(
            hazard, actor=clerk, now=at, note="工地由住建部门监管，学校无权处置。", kind=Kind.WORKS,
            title=hazard.title, place=hazard.place, distance=25, agency=f"{area}住房和城乡建设局",
            protection="停用操场北侧，课间值守", found_on=timezone.localdate(at),
        )  # fmt: skip

    teller.at(back, 14, hand_over)


STORIES = [(around, 30), (handed_over, 5)]


def _answered(row, clerk, at, reply):
    letter = SurroundingLetter.objects.get(places__surrounding=row, status="sent")
    day = timezone.localdate(at)
    letters.record_reply(
        letter, actor=clerk, now=at, replied_on=day, reply=reply,
        answers={row.pk: {"answer": reply, "promised_on": day + timedelta(days=14)}},
    )  # fmt: skip


def _solved(teller, row, clerk, at):
    archive.solve_surrounding(
        Surrounding.objects.get(pk=row.pk), actor=clerk, now=at, solved_on=timezone.localdate(at),
        note="渣土车已改道，连续三日未再出现。", proofs=[teller.photo("ZB", "after")],
    )  # fmt: skip
