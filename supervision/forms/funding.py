"""Forms of rectification that waits for money. They only check; services act, on the cleaned data."""

from django import forms
from django.utils.translation import gettext_lazy as _

from hazards.forms import Words
from schoolsafety.core.forms import DateInput
from schoolsafety.core.models import Organisation

from ..models import FundingNeed, FundingRequest


class NeedForm(forms.ModelForm):
    """What is missing and what it would remove; the bureau may correct it when it acknowledges."""

    class Meta:
        model = FundingNeed
        fields = ["cost", "reason", "pupils", "likelihood", "severity"]
        widgets = {"reason": Words, "cost": forms.NumberInput({"inputmode": "decimal", "step": "0.01"})}
        help_texts = {"pupils": _("How many pupils pass or use the place on a school day.")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["pupils"].max_value = 100_000

    def clean_cost(self):
        cost = self.cleaned_data["cost"]
        if cost is not None and cost <= 0:
            raise forms.ValidationError(_("The amount is above zero."))
        return cost

    def clean_pupils(self):
        pupils = self.cleaned_data["pupils"]
        if pupils is not None and pupils > 100_000:
            raise forms.ValidationError(_("No school has so many pupils."))
        return pupils


class FundForm(forms.Form):
    amount = forms.DecimalField(
        label=_("Amount (yuan)"), max_digits=12, decimal_places=2, min_value=0,
        widget=forms.NumberInput({"inputmode": "decimal", "step": "0.01"}),
    )  # fmt: skip
    source = forms.CharField(label=_("Where it comes from"), max_length=100)
    funded_on = forms.DateField(label=_("There since"), widget=DateInput)
    due_on = forms.DateField(
        label=_("New deadline of the rectification"), widget=DateInput, required=False,
        help_text=_("Empty: the old one stays, and the hazard may be overdue at once."),
    )  # fmt: skip


class NoteForm(forms.Form):
    note = forms.CharField(label=_("Reason"), widget=Words)


class RequestForm(forms.ModelForm):
    """The words of a request; the table with its total is set after the first paragraph."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = FundingRequest
        fields = ["addressee", "title", "body", "contact"]
        widgets = {"body": forms.Textarea({"rows": 7})}
        help_texts = {
            "body": _("The first paragraph stands before the table of needs, the others after it."),
            "addressee": _("One superior only, by its full name."),
        }

    def words(self):
        """The keyword arguments of the services."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class WithinForm(forms.Form):
    """The school or district whose ledger is shown."""

    within = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("School or district"), required=False, empty_label=_("All")
    )
    tab = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data, organisations):
        super().__init__(data)
        self.fields["within"].queryset = organisations

    def apply(self, rows):
        """The rows at or below the chosen place."""
        place = self.cleaned_data.get("within") if self.is_valid() else None
        return rows.filter(school__path__startswith=place.path) if place else rows
