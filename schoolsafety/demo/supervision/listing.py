"""Listed supervision in the demo: one running and late, one delisted and closed, one drafted by the city."""

from datetime import timedelta

from django.utils import timezone

from hazards import services as hazards
from hazards.models import Hazard
from hazards.workflow import Closure
from schoolsafety.core.models import Post
from schoolsafety.core.roles import Role
from supervision.models import Listing
from supervision.services import (
    listing_drafting,
    listing_ending,
    listing_public,
    listing_running,
)
from supervision.workflow.listing import ReportState

ADVICE = "请勿靠近该处，按学校指引绕行；发现险情立即离开并告知学校。"


def running(teller, district, school, facts, back):
    """Listed and published; two reports came, the third is late, and more time is asked for too late."""
    box = _listed(teller, district, school, facts, back, days=38)
    _reported(teller, district, school, box, back - 10, "已完成方案审定和材料采购，施工单位进场。")
    _reported(teller, district, school, box, back - 15, "主要工程完成约六成，隐患部位持续封闭。")
    principal = school.people[Role.PRINCIPAL]

    def ask(at):
        row = _fresh(box)
        listing_running.ask_extension(
            row, actor=principal, now=at, due_on=row.due_on + timedelta(days=28),
            reason="定制构件到货推迟，预计顺延四周。", safeguards="延期期间继续停用并围挡，每日两次巡查。",
        )  # fmt: skip

    teller.at(2, 15, ask)


def delisted(teller, district, school, facts, back):
    """Accepted by two, delisted and said so in public; then written off."""
    box = _listed(teller, district, school, facts, back, days=60)
    _reported(teller, district, school, box, back - 10, "主要工程完成，正在收尾和清理现场。")
    clerk, leader = district.people[Role.DISTRICT_STAFF], district.people[Role.DISTRICT_LEADER]
    officer = school.people[Role.SAFETY_OFFICER]

    def apply(at):
        listing_ending.apply(
            _fresh(box), actor=officer, now=at, assessed_by="望澜市建安检测有限公司（资质证书 JA-0412）",
            assessment=f"{facts[4]}。经检测，各项指标符合要求，可以恢复正常使用。",
            photos=[teller.photo(facts[2], "after")],
        )  # fmt: skip

    def judge(at):
        listing_ending.judge(
            _fresh(box), actor=clerk, now=at, is_passed=True, people=f"{clerk}、{leader}",
            opinion="现场查看并查阅检测报告，整改到位。",
        )  # fmt: skip

    teller.at(back - 18, 10, apply)
    teller.at(back - 20, 10, judge)
    teller.at(back - 22, 9, lambda at: listing_ending.delist(_fresh(box), actor=leader, now=at))
    teller.at(back - 23, 10, lambda at: listing_public.publish_delisting(_fresh(box), actor=leader, now=at))
    teller.at(back - 24, 11, lambda at: hazards.close(
        _hazard(box), actor=leader, now=at, closure=Closure.RECTIFIED, note="摘牌后销号"
    ))  # fmt: skip


def drafted_by_the_city(teller, district, school, facts, back):
    """The city drafts a listing of a district's hazard; its leader has to issue it."""
    box = teller.found(district, school, facts, back)
    city = district.organisation.parent
    post = Post.objects.select_related("user").get(organisation=city, role=Role.CITY_STAFF)
    teller.at(2, 16, lambda at: _draft(box, city, post.user, facts, at, days=90))


STORIES = [(running, 26), (delisted, 36), (drafted_by_the_city, 6)]


def _listed(teller, district, school, facts, back, *, days):
    """A major hazard whose plan is accepted, drafted by staff, issued and published by the leader."""
    box = teller.found(district, school, facts, back)
    teller.planned(district, school, facts, box, back - 1)
    teller.accepted(district, school, box, back - 2)
    clerk, leader = district.people[Role.DISTRICT_STAFF], district.people[Role.DISTRICT_LEADER]
    teller.at(back - 4, 10, lambda at: _draft(box, district.organisation, clerk, facts, at, days=days))
    teller.at(back - 5, 9, lambda at: listing_running.issue(_fresh(box), actor=leader, now=at))
    teller.at(back - 6, 9, lambda at: listing_public.publish(
        _fresh(box), actor=leader, now=at, public_what=facts[0], public_where=facts[1], public_advice=ADVICE
    ))  # fmt: skip
    return box


def _draft(box, bureau, actor, facts, at, *, days):
    hazard, today = _hazard(box), timezone.localdate(at)
    values, _stages = listing_drafting.suggestions(hazard, bureau, actor=actor, today=today)
    values |= {
        "due_on": today + timedelta(days=days), "plan_due_on": None, "contact": f"{actor} 0000-5550100",
        "public_advice": ADVICE, "situation": f"{facts[0]}，位于{facts[1]}，经核定为重大事故隐患；现场已停用并围挡。",
    }  # fmt: skip
    stages = [
        ("完成主要治理工程", today + timedelta(days=days // 2)),
        ("自查评估并申请验收", values["due_on"] - timedelta(days=7)),
    ]
    box["listing"] = listing_drafting.draft(
        hazard, bureau=bureau, actor=actor, now=at, values=values, stages=stages
    )


def _reported(teller, district, school, box, back, text):
    """A progress report with a photo, read the same day."""
    clerk, officer = district.people[Role.DISTRICT_STAFF], school.people[Role.SAFETY_OFFICER]

    def report(at):
        row = _fresh(box)
        box["report"] = listing_running.report(
            row, actor=officer, now=at, text=text, protection="隐患部位封闭，专人值守，每日两次巡查。",
            plan_ahead="按方案继续施工。", photos=[teller.photo(row.hazard.category_id, "after")],
        )  # fmt: skip

    teller.at(back, 10, report)
    teller.at(back, 15, lambda at: listing_running.answer(
        box["report"], actor=clerk, now=at, state=ReportState.READ, answer="收悉，注意施工期间的隔离防护。"
    ))  # fmt: skip


def _fresh(box):
    return Listing.objects.select_related("hazard", "school__parent", "organisation", "supervisor").get(
        pk=box["listing"].pk
    )


def _hazard(box):
    return Hazard.objects.select_related("school").get(pk=box["hazard"].pk)
