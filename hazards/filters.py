"""The filters of the ledger: a plain form that narrows a queryset."""

from django import forms
from django.utils.translation import gettext_lazy as _

from schoolsafety.core.forms import DateInput
from schoolsafety.core.models import Organisation

from . import queries
from .models import Category
from .workflow import Grade, Source, Status


class LedgerFilter(forms.Form):
    """All optional; what cannot be read is ignored with its error shown beside it."""

    q = forms.CharField(label=_("Words or number"), required=False, widget=forms.TextInput(attrs={"type": "search"}))
    status = forms.ChoiceField(label=_("State"), required=False)
    grade = forms.ChoiceField(label=_("Grade"), required=False)
    category = forms.ModelChoiceField(Category.objects.all(), label=_("Category"), required=False)
    source = forms.ChoiceField(label=_("Source"), required=False)
    within = forms.ModelChoiceField(Organisation.objects.none(), label=_("School or district"), required=False)
    found_from = forms.DateField(label=_("Found from"), required=False, widget=DateInput)
    found_to = forms.DateField(label=_("Found to"), required=False, widget=DateInput)

    def __init__(self, data, organisations):
        super().__init__(data)
        everything = [("", _("All"))]
        self.fields["status"].choices = everything + [("open", _("All open")), *Status.choices]
        self.fields["grade"].choices = everything + Grade.choices
        self.fields["source"].choices = everything + Source.choices
        self.fields["category"].empty_label = _("All")
        self.fields["within"].queryset = organisations
        self.fields["within"].empty_label = _("All")

    def apply(self, hazards):
        """The hazards that fit what was chosen."""
        self.is_valid()
        chosen = getattr(self, "cleaned_data", {})
        hazards = queries.search(hazards, chosen.get("q", ""))
        if chosen.get("status"):
            hazards = hazards.open() if chosen["status"] == "open" else hazards.filter(status=chosen["status"])
        if chosen.get("within"):
            hazards = hazards.filter(school__path__startswith=chosen["within"].path)
        for name, lookup in EXACT.items():
            if chosen.get(name):
                hazards = hazards.filter(**{lookup: chosen[name]})
        return hazards


EXACT = {
    "grade": "grade",
    "category": "category",
    "source": "source",
    "found_from": "found_on__gte",
    "found_to": "found_on__lte",
}
