"""Ways that many tests of notices walk: graded hazards, a draft, an issued notice, an answer, a re-check."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.timezone import localdate

from hazards.models import Hazard
from inspections.models import Notice
from inspections.services import notices
from schoolsafety.core.audit import history_of
from tests.factories import HazardFactory
from tests.inspections.conftest import picture

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))  # a Tuesday
TODAY = localdate(NOW)


def hazards_at(school, count=1, **what):
    """Graded hazards that wait for the school."""
    return [HazardFactory(school=school, **({"rectifying": True} | what)) for _index in range(count)]


def draft_at(school, bureau, clerk, count=1, now=NOW, **texts):
    texts = {"basis": "《中华人民共和国消防法》第二十八条"} | texts
    return notices.draft(
        school, bureau=bureau, chosen=hazards_at(school, count), actor=clerk, now=now, **texts
    )


def issued_at(school, bureau, clerk, count=1, now=NOW):
    return notices.issue(draft_at(school, bureau, clerk, count, now=now), actor=clerk, now=now)


def received_at(school, bureau, clerk, officer, count=1, now=NOW):
    notice = issued_at(school, bureau, clerk, count, now=now)
    return notices.sign_for(notice, actor=officer, post="安全主任", now=now)


def answers_for(notice, done=True, photos=True):
    return {
        item.pk: {
            "reply_is_done": done, "responsible": "王建国",
            "reply": "已清走并张贴标识" if done else "等待配件",
            "done_on": TODAY if done else None, "cost": None,
            "photos": [picture()] if done and photos else [],
        }
        for item in notice.items.all()
    }  # fmt: skip


def replied_at(school, bureau, clerk, officer, count=1, now=NOW):
    notice = received_at(school, bureau, clerk, officer, count, now=now)
    return notices.reply(notice, actor=officer, answers=answers_for(notice), now=now)


def results_for(notice, result="done", note=""):
    return {item.pk: (result, note) for item in notice.items.all()}


def reviewed_at(school, bureau, clerk, officer, result="done", note="", now=NOW):
    notice = replied_at(school, bureau, clerk, officer, now=now)
    return notices.review(
        notice, actor=clerk, results=results_for(notice, result, note), reviewers="陈涛、周琳", now=now
    )


def url(name, notice):
    return reverse(f"inspections:{name}", args=[notice.pk])


def verbs_of(subject):
    """What happened to it, oldest first, as the short verbs."""
    return [event.verb.partition(".")[2] for event in reversed(history_of(subject))]


def state_of(notice):
    """What another person's act must leave as it was: every field, every item, the history."""
    fresh = Notice.objects.get(pk=notice.pk)
    items = list(fresh.items.order_by("pk").values())
    hazards = list(Hazard.objects.filter(notice_items__notice=fresh).order_by("pk").values())
    return (
        [(field.name, getattr(fresh, field.attname)) for field in fresh._meta.fields],
        items,
        hazards,
        verbs_of(fresh),
    )


def later(days):
    return NOW + timedelta(days=days)
