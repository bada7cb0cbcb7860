"""What a bureau sets for its stops of use and look-backs: clocks and usual words, with their source."""

from django.utils.translation import gettext_lazy as _

from schoolsafety.core.preferences import Choice, declare

BASIS = (
    "《中华人民共和国安全生产法》第六十五条第一款第三项\n"
    "《安全生产事故隐患排查治理暂行规定》（原国家安全生产监督管理总局令第16号）第十六条"
)
DEMANDS = (
    "立即停止使用并撤出全部人员，疏散可能受到危及的其他人员；设置围挡和醒目的警示标志，安排专人值守；"
    "妥善安排师生，并告知教职工、学生和家长；落实临时防护和应急措施。"
)
APPEAL = (
    "对本决定不服的，可以自收到之日起六十日内依法申请行政复议，或者六个月内提起行政诉讼；期间不停止执行。"
)
# 安监总局令第16号, Art. 23: the authority reviews on site within ten days of the application.
declare(
    "stops.review_days",
    Choice(
        10, _("Stop of use: days until the review on site"), low=1, high=60,
        help=_("Calendar days from the school's application; the rule of 2008, Art. 23, says ten."),
    ),
)  # fmt: skip
# Practice: a temporary stop does not last longer than half a year.
declare(
    "stops.limit_months",
    Choice(
        6, _("Stop of use: months after which it is flagged"), low=1, high=24,
        help=_("Usually not over six months; the order stays in force, the bureau is reminded."),
    ),
)  # fmt: skip
declare("stops.basis", Choice(BASIS, _("Stop of use: legal basis"), help=_("One clause a line.")))
declare("stops.demands", Choice(DEMANDS, _("Stop of use: what the school must do")))
declare("stops.appeal", Choice(APPEAL, _("Stop of use: how to object")))
declare("stops.contact", Choice("", _("Stop of use: contact of the bureau")))
declare(
    "look_back.again_days",
    Choice(
        15, _("Look-back: workdays to the next look after a partial result"), low=1, high=120,
        help=_("Suggested only; whoever looks back chooses the day."),
    ),
)  # fmt: skip
