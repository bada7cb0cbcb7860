"""Forms of look-backs, their rules and their lottery. They only check; services act on the cleaned data."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hazards.forms import Words
from hazards.models import Category
from hazards.workflow import Grade
from schoolsafety.core.fields import PhotosField
from schoolsafety.core.forms import DateInput
from schoolsafety.core.models import Organisation

from ..models import Draw, LookBackRule
from ..workflow.looking_back import Result
from ..workflow.lottery import MOST_PICKS, SeedKind


class PlanForm(forms.Form):
    due_on = forms.DateField(label=_("Look back by"), widget=DateInput)


class ResultForm(forms.Form):
    """What was seen: result, words, photos; the next day where it only partly held."""

    result = forms.ChoiceField(label=_("Result"), choices=Result.choices, widget=forms.RadioSelect)
    note = forms.CharField(label=_("What the look-back saw"), widget=Words)
    photos = PhotosField(label=_("Photos"), help_text=_("The same view as the photo of after."))
    again_on = forms.DateField(label=_("Partly held: look again by"), required=False, widget=DateInput)
    due_on = forms.DateField(
        label=_("Rebounded: rectify again by"), required=False, widget=DateInput,
        help_text=_("Left empty: the next workday."),
    )  # fmt: skip


class RuleForm(forms.ModelForm):
    class Meta:
        model = LookBackRule
        fields = ["organisation", "grade", "category", "days", "is_on"]
        labels = {"organisation": _("Bureau that sets it")}
        widgets = {"grade": forms.RadioSelect}
        help_texts = {
            "category": _("Left empty, the rule holds for all categories without their own."),
            "days": _("Calendar days; a day off moves to the next workday."),
            "is_on": _("Off: not looked back at by rule, only by lot or by order."),
        }

    def __init__(self, bureaus, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = bureaus
        self.fields["grade"].choices = Grade.choices
        self.fields["category"].empty_label = _("All")
        if self.instance.pk:
            for name in ("organisation", "grade", "category"):
                self.fields[name].disabled = True


class DrawForm(forms.ModelForm):
    """What is drawn from, how many, and where the seed comes from."""

    size = forms.IntegerField(label=_("How many to draw"), min_value=1, max_value=MOST_PICKS, initial=5)

    class Meta:
        model = Draw
        fields = [
            "organisation", "closed_from", "closed_to", "grade", "category", "size", "due_on", "seed_kind",
            "seed_origin",
        ]  # fmt: skip
        labels = {"organisation": _("Bureau that draws")}
        widgets = {
            "closed_from": DateInput, "closed_to": DateInput, "due_on": DateInput,
            "seed_kind": forms.RadioSelect,
        }  # fmt: skip
        help_texts = {
            "seed_origin": _(
                "For a public source: what and when, for example a national lottery's winning number of a "
                "coming day. Named before the number is out."
            )
        }

    def __init__(self, bureaus, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = bureaus
        self.fields["grade"].choices = [("", _("All")), *Grade.choices]
        self.fields["category"].empty_label = _("All")
        self.fields["seed_kind"].choices = SeedKind.choices

    def _post_clean(self):
        """The service checks; the model's own checks know nothing of population and hashes."""


class SeedForm(forms.Form):
    """The number that the public source gave."""

    seed = forms.CharField(
        label=_("Number of the public source"), max_length=200,
        help_text=_("As published, with spaces between its parts."),
    )  # fmt: skip


class PressForm(forms.Form):
    """Nothing to fill in: the button is the act."""


class CancelForm(forms.Form):
    note = forms.CharField(label=_("Reason"), max_length=300, widget=Words)


class RelapseFilter(forms.Form):
    """Period and place of the relapse rate."""

    since = forms.DateField(label=_("Looked back from"), required=False, widget=DateInput)
    until = forms.DateField(label=pgettext_lazy("date", "Looked back to"), required=False, widget=DateInput)
    category = forms.ModelChoiceField(
        Category.objects.filter(is_active=True), label=_("Category"), required=False, empty_label=_("All")
    )
    within = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("District"), required=False, empty_label=_("All")
    )

    def __init__(self, data, bureaus):
        super().__init__(data)
        self.fields["within"].queryset = bureaus

    def apply(self, rows):
        """The look-backs that fit what was chosen."""
        self.is_valid()
        chosen = getattr(self, "cleaned_data", {})
        if chosen.get("since"):
            rows = rows.filter(looked_on__gte=chosen["since"])
        if chosen.get("until"):
            rows = rows.filter(looked_on__lte=chosen["until"])
        if chosen.get("category"):
            rows = rows.filter(hazard__category=chosen["category"])
        if chosen.get("within"):
            rows = rows.filter(school__path__startswith=chosen["within"].path)
        return rows
