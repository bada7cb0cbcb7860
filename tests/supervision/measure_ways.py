"""Ways that many tests of measures walk: a draft, handed in, issued, an interview held, a penalty heard."""

from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.timezone import localdate

from schoolsafety.core.audit import history_of
from supervision.models import Measure
from supervision.services import measures
from tests.factories import HazardFactory

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))  # a Tuesday
TODAY = localdate(NOW)
# What a complete draft of each kind needs beside its words.
COMPLETE = {
    "interview": {
        "person_name": "刘芳", "person_post": "校长", "meet_place": "局三楼会议室", "host": "周琳",
        "meet_at": NOW + timedelta(days=2),
    },
    "circular": {"copies": "各学校"},
    "yellow_card": {"until": TODAY + timedelta(days=180)},
    "accountability": {
        "person_name": "刘芳", "person_post": "校长", "fault": "not_done", "sanction": "admonition",
    },
    "discipline": {"person_name": "刘芳", "person_post": "校长", "fault": "slow", "sanction": "demerit"},
    "ban": {"person_name": "刘芳", "person_post": "校长", "until": TODAY + timedelta(days=5 * 365)},
    "penalty": {"person_name": "刘芳", "person_post": "校长", "sanction": "fine", "amount": Decimal(20000)},
    "veto": {"year": 2026, "effect": "年度考核不得评优", "resolved_by": "局安全工作领导小组会议"},
    "referral": {"authority": "江北区人民政府", "sanction": "close"},
}  # fmt: skip


def days(count):
    return NOW + timedelta(days=count)


def hazard_at(school, **what):
    return HazardFactory(school=school, **({"rectifying": True, "due_on": TODAY - timedelta(days=20)} | what))


def draft_of(kind, school, clerk, now=NOW, hazard=None, **values):
    """A complete draft."""
    given = {"basis": "《安全生产事故隐患排查治理暂行规定》第十五条", "facts": "逾期未完成整改。"}
    given |= COMPLETE[kind] | values
    return measures.draft(school, kind=kind, actor=clerk, now=now, hazard=hazard, **given)


def ready(kind, school, clerk, now=NOW, **values):
    return measures.submit(draft_of(kind, school, clerk, now, **values), actor=clerk, now=now)


def noticed(school, clerk, leader, now=NOW, **values):
    """A penalty whose prior notice is given."""
    return measures.give_notice(ready("penalty", school, clerk, now, **values), actor=leader, now=now)


def heard(school, clerk, leader, principal, now=NOW, **values):
    measure = noticed(school, clerk, leader, now, **values)
    measures.state(measure, actor=principal, statement="正在整改，请求从轻。", now=now)
    return measures.hear(measure, actor=clerk, hearing="statement", note="部分采纳。", now=now)


def issued(kind, school, clerk, leader, now=NOW, **values):
    """In force; a penalty was heard before."""
    if kind == "penalty":
        measure = noticed(school, clerk, leader, now, **values)
        later = now + timedelta(days=30)
        measure = measures.hear(measure, actor=clerk, hearing="none", note="期满未提出。", now=later)
        return measures.issue(measure, actor=leader, now=later)
    return measures.issue(ready(kind, school, clerk, now, **values), actor=leader, now=now)


def decided(measure, clerk, leader, now=NOW, **values):
    """The appeal against it decided: a draft, then its issue by `leader`."""
    given = {"result": "upheld", "answer": "原决定事实清楚、依据充分。"} | values
    version = measure.appeals.get(decided_at=None).version
    measures.draft_decision(measure, actor=clerk, now=now, version=version, **given)
    return measures.decide_appeal(measure, actor=leader, now=now)


RECORD = {
    "participants": "周琳、刘芳",
    "problems": "逾期未改",
    "demands": "立即整改",
    "promise": "月底前完成",
}


def held(school, clerk, leader, **values):
    """An interview that was held two days after its notice."""
    measure = issued("interview", school, clerk, leader, **values)
    measures.finish(measure, "hold", actor=clerk, done_on=localdate(days(2)), now=days(2), **RECORD)
    return Measure.objects.get(pk=measure.pk)


def url(name, *args):
    return reverse(f"supervision:{name}", args=[getattr(one, "pk", one) for one in args])


def verbs_of(subject):
    """What happened to it, oldest first, as the short verbs."""
    return [event.verb.partition(".")[2] for event in reversed(history_of(subject))]


def state_of(measure):
    """What another person's act must leave as it was: every field, steps, appeals, the history."""
    fresh = Measure.objects.get(pk=measure.pk)
    fields = [(field.name, getattr(fresh, field.attname)) for field in fresh._meta.fields]
    return fields, list(fresh.steps.values()), list(fresh.appeals.values()), verbs_of(fresh)
