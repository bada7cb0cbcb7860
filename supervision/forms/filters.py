"""The filter that several lists share: by words, and by place from a link."""

from django import forms
from django.db.models import Q

from schoolsafety.core.models import Organisation


class PlaceFilter(forms.Form):
    """By the school's name or one of `columns`, and by place. A list names its field and its columns."""

    label: object = ""
    columns: tuple[str, ...] = ()

    q = forms.CharField(required=False, max_length=60, widget=forms.TextInput(attrs={"type": "search"}))
    within = forms.ModelChoiceField(
        Organisation.objects.none(), required=False, widget=forms.HiddenInput
    )  # fmt: skip

    def __init__(self, data, organisations):
        super().__init__(data)
        self.fields["q"].label = self.label
        self.fields["within"].queryset = organisations

    def apply(self, rows):
        """The rows that fit what was chosen."""
        self.is_valid()
        chosen = getattr(self, "cleaned_data", {})
        if words := chosen.get("q"):
            named = Q(school__name__icontains=words) | Q(school__short_name__icontains=words)
            for column in self.columns:
                named |= Q(**{f"{column}__icontains": words})
            rows = rows.filter(named)
        if chosen.get("within"):
            rows = rows.filter(school__path__startswith=chosen["within"].path)
        return rows
