"""The bureau settings of the ladder of measures: clocks, with the local practice that they come from."""

from django.utils.translation import gettext_lazy as _

from schoolsafety.core.preferences import Choice, declare

# 漳州 2018: the interview within a week of the decision, the report within five workdays after it.
declare("measures.interview_days", Choice(5, _("Interview: workdays from the draft to it"), low=1, high=30))
declare(
    "measures.report_days",
    Choice(5, _("Interview: workdays until commitment and report"), low=1, high=30,
           help=_("Five in most cities; an office of state property gives twenty.")),
)  # fmt: skip
declare(
    "measures.reply_days", Choice(10, _("Circular, yellow card: workdays until the report"), low=1, high=60)
)
declare("measures.yellow_months", Choice(6, _("Yellow card: months that it stands"), low=1, high=24))
declare(
    "measures.follow_up_days",
    Choice(
        20, _("Accountability, sanction, ban, referral: workdays to see what came of it"), low=1, high=120
    ),
)
# 行政处罚法 Art. 64 (1): a hearing is asked for within five days.
declare(
    "measures.statement_days",
    Choice(5, _("Penalty: workdays in which the school may state its case"), low=3, high=30,
           help=_("A formal hearing may be asked for within five days by law.")),
)  # fmt: skip
# 安全生产法 Art. 78: penalties are made public within seven workdays.
declare("measures.publish_days", Choice(7, _("Penalty: workdays until it is published"), low=1, high=7))
# 行政处罚法 Art. 67: fifteen calendar days, here the workdays that lie in them.
declare("measures.pay_days", Choice(10, _("Penalty: workdays until a fine is paid"), low=5, high=30))
declare("measures.appeal_decision_days", Choice(30, _("Appeal: days until it is decided"), low=5, high=90))
