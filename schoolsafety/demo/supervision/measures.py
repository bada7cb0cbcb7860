"""The ladder of measures in the demo: proposals, an interview, a circular, a yellow card, a penalty, a ban."""

from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from schoolsafety.core.models import Organisation
from schoolsafety.core.roles import Role
from schoolsafety.core.workdays import calendar_for
from supervision.models import Measure, Proposal
from supervision.services import measures

PLAN = "本局安全隐患排查治理工作方案"
BASIS = f"《安全生产事故隐患排查治理暂行规定》第十五条\n{PLAN}"


def proposed(teller, district, school, facts, back):
    """The triggers looked yesterday morning; one proposal is taken up, one dismissed, the others wait."""
    clerk = district.people[Role.DISTRICT_STAFF]

    def look(at):
        schools = Organisation.objects.below(district.organisation).schools()
        measures.propose_all(today=timezone.localdate(at), now=at, schools=schools)
        waiting = list(Proposal.objects.filter(organisation=district.organisation).order_by("pk"))
        drafted = [row for row in waiting if row.kind != "stop"][:2]
        for row, act in zip(drafted, (_take_up, _dismiss), strict=False):
            act(row, clerk, at)

    teller.at(back, 9, look)


def interviewed(teller, district, school, facts, back):
    """Called to an interview that was held; the commitment is there, the report is still due."""
    principal, leader = school.people[Role.PRINCIPAL], district.people[Role.DISTRICT_LEADER]
    clerk, box = district.people[Role.DISTRICT_STAFF], {}

    def call(at):
        day = calendar_for(school.organisation).add(timezone.localdate(at), 2)
        nine = timezone.make_aware(timezone.datetime(day.year, day.month, day.day, 9, 30))
        _issue(
            box, district, school, at, kind="interview", person_name=str(principal), person_post="校长",
            meet_at=nine, meet_place="局三楼会议室", host=f"{leader}（分管副局长）",
            facts="你校近一个月有三项隐患逾期未完成整改，经两次催办仍未反馈。",
        )  # fmt: skip

    def hold(at):
        measures.finish(
            box["measure"], "hold", actor=clerk, done_on=timezone.localdate(at), now=at,
            participants=f"{leader}、{clerk}、{principal}", problems="逾期隐患未建立整改清单，责任人不明确。",
            demands="三个工作日内列出清单，逐项明确责任人和时限。", promise="按要求完成，每周报告进展。",
        )  # fmt: skip

    teller.at(back, 10, call)
    teller.at(back - 2, 11, hold)
    teller.at(back - 3, 15, lambda at: measures.finish(
        box["measure"], "commit", actor=principal, done_on=timezone.localdate(at), now=at,
        text="三项隐患已列清单，分别由总务主任、食堂管理员、安全主任负责，月底前完成。",
    ))  # fmt: skip


def criticised(teller, district, school, facts, back):
    """An internal circular that was answered in time and ended; and a yellow card that still stands."""
    officer, clerk, box = school.people[Role.SAFETY_OFFICER], district.people[Role.DISTRICT_STAFF], {}

    def circulate(at):
        _issue(
            box, district, school, at, kind="circular", copies="辖区各学校",
            facts="你校收到整改通知书后拒不签收，逾期未按要求完成整改。",
            reason="主要负责人对隐患排查治理工作不重视，整改责任未落实到人。",
        )  # fmt: skip

    def warn(at):
        months = timezone.localdate(at) + timedelta(days=180)
        _issue(
            {}, district, school, at, kind="yellow_card", until=months,
            facts="通报批评后，你校同类隐患再次发生，且未按期报送治理方案。",
        )  # fmt: skip

    teller.at(back, 10, circulate)
    teller.at(back - 5, 16, lambda at: measures.finish(
        box["measure"], "report", actor=officer, done_on=timezone.localdate(at), now=at,
        text="已召开专题会，逐条整改完毕，并在全校自查一次。",
    ))  # fmt: skip
    teller.at(back - 7, 10, lambda at: measures.end(box["measure"], actor=clerk, now=at, note="整改报告属实"))
    teller.at(9, 10, warn)


def penalised(teller, district, school, facts, back):
    """In one district: a penalty that was heard and waits for the leader, and a ban in the register."""
    if district is not teller.places[0]:
        return
    clerk, leader = district.people[Role.DISTRICT_STAFF], district.people[Role.DISTRICT_LEADER]
    principal, box = school.people[Role.PRINCIPAL], {}

    def notice(at):
        draft = _draft(
            district, school, at, kind="penalty", sanction="fine", amount=Decimal(20000),
            person_name=str(principal), person_post="校长",
            basis="《中华人民共和国安全生产法》第一百零二条",
            facts="检查发现食堂燃气报警器未接入联动切断装置，责令限期整改后逾期未消除。",
            reason="经责令限期改正仍未消除事故隐患。", demand="请在规定期限内缴纳罚款。",
        )  # fmt: skip
        box["measure"] = measures.give_notice(
            measures.submit(draft, actor=clerk, now=at), actor=leader, now=at
        )

    def ban(at):
        day = timezone.localdate(at)
        _issue(
            {}, district, school, at, kind="ban", person_name="曹志强", person_post="原校长",
            until=day.replace(day=1, year=day.year + 5), basis=PLAN,
            facts="任职期间瞒报重大事故隐患，造成严重后果。",
        )  # fmt: skip

    teller.at(back, 15, notice)
    teller.at(back - 2, 10, lambda at: measures.state(
        box["measure"], actor=principal, statement="已签订改造合同，设备到货后三日内完成，请求从轻处罚。", now=at
    ))  # fmt: skip
    teller.at(back - 3, 16, lambda at: measures.hear(
        _fresh(box), actor=clerk, hearing="statement", note="情况属实，建议按裁量基准下限处罚。", now=at
    ))  # fmt: skip
    teller.at(back - 1, 9, ban)


STORIES = [(criticised, 16), (penalised, 9), (interviewed, 5), (proposed, 1)]


def _draft(district, school, at, *, kind, **values):
    clerk = district.people[Role.DISTRICT_STAFF]
    given = {"basis": BASIS, "contact": f"{clerk} 0000-5550100"} | values
    return measures.draft(school.organisation, kind=kind, actor=clerk, now=at, **given)


def _issue(box, district, school, at, **values):
    """Drafted and handed in by staff, issued by the leader."""
    clerk, leader = district.people[Role.DISTRICT_STAFF], district.people[Role.DISTRICT_LEADER]
    row = measures.submit(_draft(district, school, at, **values), actor=clerk, now=at)
    box["measure"] = measures.issue(row, actor=leader, now=at)


def _take_up(row, clerk, at):
    measures.take_up(row, actor=clerk, now=at)


def _dismiss(row, clerk, at):
    measures.dismiss(row, actor=clerk, reason="已现场督办，本周内可完成整改。", now=at)


def _fresh(box):
    return Measure.objects.get(pk=box["measure"].pk)
