"""Missing money in the demo: needs declared, acknowledged, asked for in one paper, granted and refused."""

from decimal import Decimal

from django.utils import timezone

from hazards import services as hazards
from hazards.models import Category, Hazard
from hazards.workflow import Source
from schoolsafety.core.models import Organisation, Post
from schoolsafety.core.roles import Role
from schoolsafety.core.workdays import calendar_for
from supervision.models import FundingNeed
from supervision.services import funding, funding_requests

# (what is wrong, where, category, what is closed, yuan, pupils, likelihood, severity)
NEEDS = [
    ("看台栏杆锈蚀断裂", "操场看台", "JZ", "看台停用并围挡", "38600.00", 720, "6", "15"),
    ("外墙瓷砖空鼓脱落", "教学楼北立面", "JZ", "墙下五米内围挡", "126000.00", 1200, "6", "40"),
    ("消防水带和喷枪缺失十二处", "综合楼各层", "XF", "缺失处加放灭火器", "5400.00", 450, "3", "15"),
    ("食堂地面破损易滑倒", "学生食堂", "SP", "破损处铺防滑垫", "21500.00", 600, "6", "3"),
    ("校门口防冲撞设施不足", "南校门", "ZA", "上放学时段摆放水马", "16800.00", 980, "3", "40"),
]  # fmt: skip


def needs_of_a_district(teller, district, school, facts, back):
    """Five needs: two asked for in one paper, one granted, one acknowledged, one just declared."""
    clerk = district.people[Role.DISTRICT_STAFF]
    schools = list(Organisation.objects.filter(parent=district.organisation).schools()[:5])
    needs = {}

    def declare(index, at):
        title, place, category, closed, cost, pupils, likelihood, severity = NEEDS[index]
        organisation = schools[index % len(schools)]
        officer = _officer_of(organisation)
        hazard = hazards.report(
            organisation, actor=officer, title=title, place=place, source=Source.SNAP, found_at=at, now=at,
            category=Category.objects.get(code=category), proposed_grade="general",
            photos=[teller.photo(category, "before")],
        )  # fmt: skip
        hazards.protect(hazard, actor=officer, closed=closed, watch=f"{officer}，每日巡查", now=at)
        needs[index] = funding.declare_need(
            hazard, actor=officer, now=at, cost=Decimal(cost), pupils=pupils, likelihood=likelihood,
            severity=severity, reason="本年度公用经费已安排完毕，无结余可用。",
        )  # fmt: skip

    teller.at(back, 10, lambda at: [declare(index, at) for index in (0, 1, 2, 3)])
    teller.at(back - 2, 9, lambda at: [
        funding.acknowledge(FundingNeed.objects.get(pk=needs[index].pk), actor=clerk, now=at)
        for index in (0, 1, 2, 3)
    ])  # fmt: skip
    teller.at(back - 5, 16, lambda at: _ask(district, [needs[0], needs[1]], at))
    teller.at(back - 9, 11, lambda at: _grant(needs[2], clerk, at))
    teller.at(2, 9, lambda at: declare(4, at))


def waiting_major(teller, district, school, facts, back):
    """A major hazard whose plan waits for its money, acknowledged by the bureau."""
    box = teller.found(district, school, facts, back)
    teller.planned(district, school, facts, box, back - 1, funds=False)
    officer, clerk = school.people[Role.SAFETY_OFFICER], district.people[Role.DISTRICT_STAFF]

    def declare(at):
        hazard = Hazard.objects.get(pk=box["hazard"].pk)
        box["need"] = funding.declare_need(
            hazard, actor=officer, now=at, cost=Decimal(facts[5]), pupils=school.organisation.pupils,
            likelihood="6", severity="40", reason="整改费用超出学校全年公用经费结余。",
        )  # fmt: skip

    teller.at(back - 2, 15, declare)
    teller.at(back - 3, 9, lambda at: funding.acknowledge(
        FundingNeed.objects.get(pk=box["need"].pk), actor=clerk, now=at
    ))  # fmt: skip


STORIES = [(needs_of_a_district, 18), (waiting_major, 12)]


def _ask(district, needs, at):
    """One request of the district to its government, signed by the leader."""
    clerk, leader = district.people[Role.DISTRICT_STAFF], district.people[Role.DISTRICT_LEADER]
    draft = funding_requests.draft_request(
        needs, actor=clerk, now=at, addressee=f"{district.organisation.name[:-3]}人民政府"
    )
    funding_requests.issue_request(draft, actor=leader, now=at)


def _grant(need, clerk, at):
    """The money is there; the rectification has thirty workdays."""
    need, today = FundingNeed.objects.get(pk=need.pk), timezone.localdate(at)
    funding.fund(
        need, actor=clerk, now=at, amount=need.cost, source="区级校园安全专项", funded_on=today,
        due_on=calendar_for(need.school).add(today, 30),
    )  # fmt: skip


def _officer_of(organisation):
    posts = Post.objects.filter(organisation=organisation, role=Role.SAFETY_OFFICER)
    return posts.select_related("user").first().user
