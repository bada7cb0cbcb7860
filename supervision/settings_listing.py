"""The bureau settings of listed supervision. The defaults are the known local practice, named beside each."""

from django.utils.translation import gettext_lazy as _

from schoolsafety.core.preferences import Choice, declare

from .workflow.listing import Cycle

PRACTICE = _("A local rule of 2012 (Qingdao) says so; put in what holds with you.")
CYCLES = tuple((cycle.value, cycle.label) for cycle in Cycle)

# 青岛 2012: term up to a year; announced within 5 workdays; an extension asked for 20 workdays before the
# end and decided within 10; the delisting published within 5.
declare("listing.term_most", Choice(365, _("Listing: longest term (days)"), help=PRACTICE, low=30, high=730))
declare("listing.term_days", Choice(90, _("Listing: term as suggested (days)"), low=7, high=730))
declare(
    "listing.publish_days",
    Choice(5, _("Listing: published within so many workdays"), help=PRACTICE, low=1, high=30),
)
declare(
    "listing.extension_notice",
    Choice(
        20, _("Listing: a longer term is asked for so many workdays before the end"), help=PRACTICE,
        low=1, high=60,
    ),
)  # fmt: skip
declare(
    "listing.extension_decision",
    Choice(10, _("Listing: decided within so many workdays"), help=PRACTICE, low=1, high=60),
)
declare(
    "listing.delisting_publish_days",
    Choice(5, _("Delisting: published within so many workdays"), help=PRACTICE, low=1, high=30),
)
# 16号令 Art. 23 (number unverified), 湖北: on-site review within 10 days of the application.
declare(
    "listing.acceptance_days",
    Choice(
        10, _("Listing: acceptance on site within so many days"), low=1, high=60,
        help=_("Order No. 16: ten days after the application."),
    ),
)  # fmt: skip
declare("listing.plan_days", Choice(10, _("Listing: plan handed in within so many workdays"), low=1, high=60))
declare(
    "listing.return_days",
    Choice(3, _("Listing: workdays to report again after a report was returned"), low=1, high=20),
)
declare(
    "listing.cycle", Choice(Cycle.WEEKLY.value, _("Listing: how often the school reports"), options=CYCLES)
)
declare(
    "listing.basis",
    Choice(
        "《中华人民共和国安全生产法》第四十一条和《安全生产事故隐患排查治理暂行规定》第二十条",
        _("Listing: basis"),
    ),
)
declare(
    "listing.demands",
    Choice(
        "由校长组织制定并实施治理方案，落实整改责任、时限、措施、资金和应急预案；治理期间加强监控，"
        "严防事故发生；按期报送进展，完成后申请验收。",
        _("Listing: what is demanded"),
    ),
)
declare(
    "listing.extension_how",
    Choice(
        "确因客观原因不能按期完成的，应在督办期限届满20个工作日前提交《延期申请表》，说明理由和延期期间的监控措施；"
        "我局在10个工作日内作出决定，决定前按原期限执行。",
        _("Listing: how to ask for a longer term"),
    ),
)
declare(
    "listing.conditions",
    Choice(
        "治理方案确定的工程和措施全部完成，经本单位技术人员、专家或有资质的机构评估合格，"
        "并经两名以上验收人员现场验收合格。",
        _("Listing: conditions of delisting"),
    ),
)
declare(
    "listing.publicity",
    Choice("在我局公示页和学校校内公示栏公示，至摘牌公布之日止。", _("Listing: how it is published")),
)
declare("listing.contact", Choice("", _("Listing: contact of the bureau")))
