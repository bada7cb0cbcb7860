"""The filter of the bureau's ledger: period, school, category."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hazards.filters import LedgerFilter

KEPT = {"school", "within", "category", "found_from", "found_to"}


class BureauLedgerFilter(LedgerFilter):
    """As the ledger of hazards, by period, school and category alone; measures by the day of issue."""

    def __init__(self, data, organisations):
        super().__init__(data, organisations)
        self.fields = {name: field for name, field in self.fields.items() if name in KEPT}
        self.fields["found_from"].label = pgettext_lazy("period", "from")
        self.fields["found_to"].label = pgettext_lazy("period", "to")
        self.fields["found_from"].help_text = _("Day of finding; of a measure the day of issue.")

    def apply_to_measures(self, measures):
        """The Measures that fit what was chosen."""
        self.is_valid()
        chosen = self.cleaned_data
        if words := chosen.get("school"):
            is_named = Q(school__name__icontains=words) | Q(school__short_name__icontains=words)
            measures = measures.filter(is_named | Q(school__code=words))
        if place := chosen.get("within"):
            measures = measures.filter(school__path__startswith=place.path)
        if category := chosen.get("category"):
            measures = measures.filter(hazard__category=category)
        if start := chosen.get("found_from"):
            measures = measures.filter(issued_at__date__gte=start)
        if end := chosen.get("found_to"):
            measures = measures.filter(issued_at__date__lte=end)
        return measures
