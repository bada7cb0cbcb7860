"""Invented values for the gallery. Nothing here touches a database."""

from datetime import datetime
from types import SimpleNamespace as Thing
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from schoolsafety.core import charts
from schoolsafety.core.duties import Duty, Rank
from schoolsafety.core.fields import PhotosField
from schoolsafety.core.forms import DateInput
from schoolsafety.core.navigation import Link

NOW = datetime(2026, 11, 24, 8, 12, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
GRADES = [("general", "一般事故隐患"), ("suspected", "疑似重大事故隐患")]
PHRASES = [("1", "损坏"), ("2", "缺失"), ("3", "过期"), ("4", "堵塞"), ("5", "无人值守"), ("6", "其他")]
LONG = "江北区育才小学教学楼三层东侧疏散通道被课桌椅和纸箱占用，应急照明灯两盏不亮，安全出口门上锁"


class SampleForm(forms.Form):
    """One field of every kind that the apps use."""

    place = forms.CharField(label="地点", help_text="写到楼层和房间，例如“教学楼三层东侧”。")
    grade = forms.ChoiceField(label="严重程度", choices=GRADES, widget=forms.RadioSelect)
    phrase = forms.ChoiceField(
        label="哪里不对", choices=PHRASES, required=False, widget=forms.RadioSelect, help_text="只选一项。"
    )
    laws = forms.MultipleChoiceField(
        label="法律依据", choices=[("1", LONG), ("2", "《中小学校园安全管理办法》第十二条")],
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    due_on = forms.DateField(label="整改期限", widget=DateInput)
    funds = forms.DecimalField(label="整改资金（元）", required=False)
    category = forms.ChoiceField(label="类别", choices=[("", "请选择"), ("1", "消防安全"), ("2", "食品安全")])
    note = forms.CharField(label="补充说明", required=False, widget=forms.Textarea)
    photos = PhotosField(label="现场照片", required=False, help_text="至多 9 张。")
    is_shared = forms.BooleanField(label="这是公用手机", required=False, help_text="离开 30 分钟后自动退出。")
    hidden = forms.CharField(widget=forms.HiddenInput, initial="1")

    def clean(self):
        if self.data.get("wrong"):
            raise ValidationError("整改期限与资金不能同时为空。")


class FilterForm(forms.Form):
    q = forms.CharField(label="查找", required=False)
    state = forms.ChoiceField(label="状态", choices=[("", "全部"), ("late", "逾期")], required=False)
    since = forms.DateField(label="发现日期", required=False, widget=DateInput)


def wrong_form():
    """The form as it comes back after a bad submission."""
    files = {"photos": SimpleUploadedFile("现场.jpg", b"no picture", "image/jpeg")}
    return SampleForm({"wrong": "1", "place": ""}, files)


def links():
    rows = [
        ("今天", "today", "work", None, True), ("巡查", "patrol", "work", None, False),
        ("待办", "todo", "work", 12, False), ("隐患", "hazard", "work", 137, False),
        ("周报", "report", "papers", 1, False), ("通报", "bulletin", "papers", None, False),
        ("学校", "school", "manage", None, False), ("设置", "settings", "manage", None, False),
    ]  # fmt: skip
    return [
        Link(label=label, url="#", icon=icon, group=group, is_tab=True, is_current=current, count=count)
        for label, icon, group, count, current in rows
    ]


def duties():
    def duty(text, detail="", tag="", kind="todo"):
        return Duty(rank=Rank.TODAY, text=text, detail=detail, url="#", button="开始巡查", tag=tag, kind=kind)

    return [
        duty("每日巡查还没开始", "30 项，请在 17:00 前完成", "今天"),
        duty(LONG, "GA-2026-0113 · 消防安全", "逾期 12 天", "late"),
        duty("等区教育局验收", "", "待验收", "wait"),
        duty("食堂后门已修好", "GA-2026-0098", "已销号", "done"),
    ]


def frame():
    """What the frame of a signed-in page shows."""
    person = Thing(name="李明", post_title="安全主任", organisation_name="江北区育才小学")
    return {
        "nav": links(), "main_tabs": links()[:4], "person": person, "unread": 3, "is_demo": True,
        "calendar_warning": 2027,
    }  # fmt: skip


def case():
    """What a page about one hazard shows."""
    labels = ["责任", "期限", "措施", "资金", "预案", "督办"]
    facts = ["刘芳，11月20日签字", "11月30日，还有 6 天", LONG, "", "应急预案.pdf，王磊值守", ""]
    slots = [
        Thing(label=label, fact=fact, is_done=bool(fact)) for label, fact in zip(labels, facts, strict=True)
    ]
    told = [Thing(url="#", text="江北教安责改〔2026〕3号")]
    blank = {"words": "", "links": [], "photos": [], "is_system": False}
    lines = [
        Thing(**blank | {"at": NOW, "who": "陈涛", "what": "下达整改通知书", "links": told}),
        Thing(**blank | {"at": NOW, "who": "李明", "what": "登记隐患", "words": LONG}),
        Thing(**blank | {"at": NOW, "who": "系统", "what": "期限临近提醒", "is_system": True}),
    ]
    step = {"url": "#", "label": "提交验收"}
    return {
        "five": slots[:5], "six": slots, "lines": lines, "primary": step, "others": [step, step],
        "photos": [Thing(pk=number) for number in (1, 2, 3)],
        "facts": [("学校", "江北区育才小学"), ("发现", "2026-11-24 李明"), ("情况", LONG), ("备注", "")],
    }  # fmt: skip


def figures():
    """What an overview shows."""
    kpi = [
        {"label": "学校已巡查", "n": 61, "total": 64, "url": "#"},
        {"label": "逾期", "n": 9, "total": None, "url": "#"},
        {"label": "挂牌督办", "n": 1, "total": None, "url": ""},
    ]  # fmt: skip
    tabs = [
        {"url": "#", "label": label, "count": count, "is_current": current}
        for label, count, current in [("全部", None, True), ("待核实", 12, False), ("逾期", 9, False),
                                      ("待验收", 0, False), ("挂牌督办", 1, False)]
    ]  # fmt: skip
    ages = [("1–3天", 18), ("4–7天", 9), ("8–15天", 6), ("15天以上", 4)]
    months = [f"{month}月" for month in range(1, 13)]
    rates = [71, 74, 69, 80, 83, None, 86, 88, 85, 91, 92, 94]
    return {
        "numbers": kpi, "tab_rows": tabs, "heat": range(6),
        "ages": charts.stack(ages, title="隐患存量", desc="共 37 件", value_label="件数", unit="件"),
        "rates": charts.line(months, {"按期整改率": rates}, title="按期整改率", desc="十二个月", unit="%",
                             target=90, target_label="目标"),
        "bars": charts.bars([("实验中学", 24), ("育才小学", 9), ("江北区第三幼儿园", 4)], title="未销号隐患",
                            desc="三所学校", value_label="件数", unit="件", median_label="中位数"),
        "flow": charts.flow(120, 45, 28, names=["上月结转", "新增", "销号", "未销号"], title="本月",
                            desc="结转加新增减销号", value_label="件数"),
    }  # fmt: skip


def walk():
    """What the walk shows: one zone with every answer, a photo owed, a finding."""
    finding = Thing(phrase="堵塞", note="", place="教学楼三层", hazard=None)
    rows = [
        ("校门处保安在岗、防暴器械齐全", "n", False, None), ("防冲撞设施完好", "x", False, None),
        ("一键报警可用", "", True, None), (LONG, "p", False, finding), ("视频监控画面清晰", "", False, None),
    ]  # fmt: skip
    items = [
        Thing(pk=pk, text=text, answer=answer, must_photo=owed, finding=found, photos=[], mode="s")
        for pk, (text, answer, owed, found) in enumerate(rows, 1)
    ]
    zone = Thing(key="gate", name="校门与周界", items=items, done=3, total=5, rest=1, has_bulk=True)
    patrol = Thing(pk=1, day=NOW.date(), officer="李明", is_late_entry=True)
    return {
        "school": Thing(label="育才小学"), "patrol": patrol, "may_answer": True, "zones": [zone],
        "done": 3, "total": 30,
    }  # fmt: skip
