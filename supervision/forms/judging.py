"""The forms of a judgement: the walk through the criteria, a leader's look, the ends of a criterion."""

from django import forms
from django.utils.translation import gettext_lazy as _

from hazards.forms import Words
from schoolsafety.core.forms import DateInput

from ..models import MajorCriterion
from ..workflow.judging import Answer, Outcome, outcome_of

DECISIONS = [("1", _("Major hazard")), ("0", _("Not a major hazard"))]
NEEDS_FACT = {
    Answer.MET: _("Write the fact that shows it."),
    Answer.MISSING: _("Write which fact is missing."),
}


class AnswerField(forms.ChoiceField):
    """An answer that is wanted, though the form may take the rest as not met."""

    def validate(self, value):
        if value:
            super().validate(value)


class JudgeForm(forms.Form):
    """Every criterion of the area with its answer and fact, then the decision with its reason."""

    rest_not_met = forms.BooleanField(label=_("All that is not answered above: not met"), required=False)
    is_major = forms.TypedChoiceField(
        label=_("The decision"),
        choices=DECISIONS,
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
    )
    is_deliberate = forms.BooleanField(
        label=_("I decide otherwise than the criteria suggest"), required=False,
        help_text=_("Only where it is so; the reason below says why. It is flagged."),
    )  # fmt: skip
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=Words)
    due_on = forms.DateField(
        label=_("Deadline"), required=False, widget=DateInput,
        help_text=_("Empty: from the bureau's settings, in workdays."),
    )  # fmt: skip
    after = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, criteria, *args, **kwargs):
        """`criteria`: the MajorCriteria to go through, in their order."""
        super().__init__(*args, **kwargs)
        self.criteria = list(criteria)
        for row in self.criteria:
            self.fields[f"answer_{row.pk}"] = AnswerField(
                label=_("Is criterion %(number)s met?") % {"number": row.item_no}, choices=Answer.choices,
                widget=forms.RadioSelect,
            )  # fmt: skip
            self.fields[f"facts_{row.pk}"] = forms.CharField(
                label=_("Fact"),
                max_length=300,
                required=False,
                help_text=_("What was seen, measured or read."),
            )

    def lines(self):
        """[(MajorCriterion, bound field of the answer, bound field of the fact)]"""
        return [(row, self[f"answer_{row.pk}"], self[f"facts_{row.pk}"]) for row in self.criteria]

    def clean(self):
        for row in self.criteria:
            self._check(row)
        told = [
            {name: getattr(row, name) for name in ("mode", "area", "group", "at_least")} | {"answer": answer}
            for row, answer, _facts in self.answers()
        ]
        differs = _differs(outcome_of(told), self.cleaned_data.get("is_major"))
        if not self.errors and differs and not self.cleaned_data["is_deliberate"]:
            self.add_error("is_deliberate", differs)

    def answers(self):
        """[(MajorCriterion, Answer, words)] of all criteria gone through."""
        found = []
        for row in self.criteria:
            answer = self.cleaned_data.get(f"answer_{row.pk}")
            if not answer and self.cleaned_data.get("rest_not_met"):
                answer = Answer.NOT_MET.value
            if answer:
                found.append((row, answer, self.cleaned_data.get(f"facts_{row.pk}", "")))
        return found

    def _check(self, row):
        answer = self.cleaned_data.get(f"answer_{row.pk}")
        if not answer and not self.cleaned_data.get("rest_not_met"):
            self.add_error(f"answer_{row.pk}", _("Answer it, or tick below that the rest is not met."))
        elif answer in NEEDS_FACT and not self.cleaned_data.get(f"facts_{row.pk}"):
            self.add_error(f"facts_{row.pk}", NEEDS_FACT[Answer(answer)])


def _differs(outcome, is_major):
    """How the decision differs from what the answers come to; "" if it does not."""
    if outcome == Outcome.MAJOR and not is_major:
        return _("By these answers a criterion is met: that makes it a major hazard.")
    if outcome == Outcome.UNCLEAR and not is_major:
        return _("A missing fact could still make it major.")
    if outcome == Outcome.NOT_MAJOR and is_major:
        return _("By these answers no criterion is met.")
    return ""


class LookOverForm(forms.Form):
    note = forms.CharField(label=_("What the leader finds"), max_length=300, widget=Words)


class CriterionForm(forms.ModelForm):
    """The end of a version and whether it was checked; its words never change."""

    class Meta:
        model = MajorCriterion
        fields = ["effective_to", "is_verified"]
        widgets = {"effective_to": DateInput}
