"""When a school counts as silent, for the district's day."""

from django.utils.translation import gettext_lazy as _

from schoolsafety.core.preferences import Choice, declare

# Own measure, no rule asks for it: real counts scatter more than Poisson says, so the limit is strict.
declare(
    "command.silent_days",
    Choice(
        20, _("Silent schools: school days looked back"), low=5, high=120,
        help=_("Four weeks of school. A visit follows, never a measure."),
    ),
)  # fmt: skip
declare(
    "command.silent_percent",
    Choice(
        1, _("Silent schools: shown where no finding at all is less likely than (%)"), low=1, high=20,
        help=_("By the rate of the same kind of school in the district and the number of pupils."),
    ),
)  # fmt: skip
