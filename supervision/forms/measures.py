"""Forms of the ladder of measures. They only check; services act, on the cleaned data."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hazards.forms import SchoolField, Words
from hazards.models import LegalBasis
from schoolsafety.core.fields import DocumentField
from schoolsafety.core.forms import DateInput
from schoolsafety.core.models import Organisation

from ..models import Measure, MeasureTrigger
from ..services.measure_drafting import units_of
from ..workflow.measure_kinds import DRAFTABLE, KIND_RULES, Answer, Kind, Question, Sanction, Step
from ..workflow.measure_triggers import ON_HAZARD, Look
from ..workflow.measures import Action, Hearing, Result, Status

COMMON = ["basis", "facts", "reason", "aggravating", "demand", "contact"]
ALL = ("", _("All"))
MINUTE = "%Y-%m-%dT%H:%M"  # how a browser writes a day and a time


class NewForm(forms.Form):
    """Which measure, against which school, about which hazard."""

    kind = forms.ChoiceField(label=_("Measure"), choices=DRAFTABLE)
    hazard = forms.CharField(
        label=_("Hazard (number)"), max_length=40, required=False, help_text=_("Empty: not about one hazard.")
    )

    def __init__(self, schools, hazards, data=None, initial=None):
        """`schools`, `hazards`: those that the person sees."""
        super().__init__(data, initial=initial)
        self.hazards = hazards
        self.fields["school"] = SchoolField(schools, label=_("School"))
        self.order_fields(["school", "kind", "hazard"])

    def clean_hazard(self):
        number = self.cleaned_data["hazard"].strip()
        if not number:
            return None
        found = self.hazards.filter(number=number).first()
        if found is None:
            raise forms.ValidationError(_("There is no hazard of this number."))
        return found


class MeasureForm(forms.ModelForm):
    """A draft: the fields that its kind asks for, and the words."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    meet_at = forms.DateTimeField(
        label=_("Day and time"), required=False, input_formats=[MINUTE],
        widget=forms.DateTimeInput({"type": "datetime-local"}, format=MINUTE),
    )  # fmt: skip

    class Meta:
        model = Measure
        fields = [
            "unit", "accident_on", "deaths", "year", "effect", "resolved_by", "sanction", "amount", "fault",
            "person_name", "person_post", "until", "authority", "meet_at",
            "meet_place", "host", "bring", *COMMON, "copies", "is_holding", "release_note",
        ]  # fmt: skip
        widgets = {
            "until": DateInput, "accident_on": DateInput, "basis": Words, "reason": Words,
            "facts": forms.Textarea({"rows": 6}),
            "aggravating": Words, "demand": Words, "amount": forms.NumberInput({"inputmode": "decimal"}),
        }  # fmt: skip
        help_texts = {
            "basis": _("One clause a line."), "facts": _("When, where, what, and how it was found."),
        }  # fmt: skip

    def __init__(self, data=None, *, instance, fields=None):
        """`fields` narrows what may still change."""
        super().__init__(data, instance=instance, initial={"version": instance.version})
        rule = KIND_RULES[Kind(instance.kind)]
        kept = {*COMMON, *rule.fields, "version"}
        kept |= {"is_holding", "release_note"} if instance.hazard_id and not rule.is_hidden else set()
        for name in set(self.fields) - (kept if fields is None else {*fields, "version"} & kept):
            del self.fields[name]
        if "unit" in self.fields:
            self.fields["unit"].queryset = units_of(instance.kind, instance.school, instance.organisation)
        if fields is None:
            self._ask(rule.questions, instance.review)
        if "sanction" in self.fields:
            chosen = [(one.value, one.label) for one in Sanction if one in rule.sanctions]
            self.fields["sanction"].choices = [("", "—"), *chosen]
        if "amount" in self.fields:
            self.fields["amount"].min_value = 0

    def _ask(self, questions, given):
        """Two fields for each question of a review: the answer, and why."""
        for one in questions:
            said = given.get(one, {})
            self.fields[f"review_{one}"] = forms.ChoiceField(
                label=one.label, choices=[("", "—"), *Answer.choices], required=False,
                initial=said.get("answer", ""),
            )  # fmt: skip
            self.fields[f"review_{one}_note"] = forms.CharField(
                label=_("%(question)s: what was found") % {"question": one.label}, widget=Words(),
                required=False, initial=said.get("note", ""),
            )  # fmt: skip

    def clean_amount(self):
        if (self.cleaned_data["amount"] or 0) < 0:
            raise forms.ValidationError(_("Money cannot be negative."))
        return self.cleaned_data["amount"]

    def clean(self):
        chosen = self.cleaned_data
        if chosen.get("is_holding") is False and not chosen.get("release_note"):
            self.add_error("release_note", _("Say why the hazard may be closed before."))

    def values(self):
        """{field of Measure: value}"""
        chosen = self.cleaned_data
        values = {name: chosen[name] for name in self._meta.fields if name in chosen}
        asked = [one for one in Question if f"review_{one}" in chosen]
        if asked:
            values["review"] = {
                one.value: {"answer": chosen[f"review_{one}"], "note": chosen[f"review_{one}_note"].strip()}
                for one in asked
            }
        return values


class NoteForm(forms.Form):
    note = forms.CharField(label=_("Reason"), max_length=300, widget=Words())


class OptionalNoteForm(forms.Form):
    note = forms.CharField(label=_("Remark"), max_length=300, required=False, widget=Words())


class StateForm(forms.Form):
    statement = forms.CharField(label=_("What the school has to say"), widget=Words())
    wants_hearing = forms.BooleanField(label=_("We ask for a formal hearing"), required=False)
    document = DocumentField(label=_("Document (PDF or Office)"), required=False)


class HearForm(forms.Form):
    hearing = forms.ChoiceField(
        label=_("How it was heard"), choices=Hearing.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(label=_("What was said and how it is judged"), widget=Words())


class AppealForm(forms.Form):
    reason = forms.CharField(label=_("Reason of the appeal"), widget=Words())
    document = DocumentField(label=_("Document (PDF or Office)"), required=False)


class DecisionForm(forms.Form):
    """The draft of a decision on an appeal."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    result = forms.ChoiceField(label=_("Result"), choices=Result.choices, widget=forms.RadioSelect)
    answer = forms.CharField(label=_("Reasons of the decision"), widget=Words())
    until = forms.DateField(label=_("New end, if it changes"), required=False, widget=DateInput)
    amount = forms.DecimalField(
        label=_("New amount (yuan), if it changes"), required=False, min_value=0, max_digits=12,
        decimal_places=2,
    )  # fmt: skip

    def __init__(self, data=None, files=None, *, measure, appeal):
        """`appeal`: the one that waits, or None: then the service refuses in words. What the measure does
        not have, a period or an amount, is not asked."""
        initial = {}
        if appeal is not None:
            initial = {"version": appeal.version, "result": appeal.result, "answer": appeal.answer}
            initial |= {name: new for name, (_old, new) in appeal.changes.items()}
        super().__init__(data, files, initial=initial)
        for name in ("until", "amount"):
            if getattr(measure, name) is None:
                del self.fields[name]


class StepForm(forms.Form):
    """A step is done: when, and what came of it; with a document where there is one."""

    done_on = forms.DateField(label=_("Done on"), widget=DateInput)
    text = forms.CharField(label=_("What was done"), widget=Words())
    document = DocumentField(label=_("Document (PDF or Office)"), required=False)

    LABELS = {
        Step.COMMIT: _("Commitment of the school"), Step.REPORT: _("Report of the school"),
        Step.CARRY_OUT: _("How it was carried out"), Step.PUBLISH: _("Where it is published (address)"),
        Step.PERFORM: _("How the penalty was carried out"), Step.ANSWER: _("Answer of the authority"),
        Step.UNPUBLISH: _("Where it was taken back, and the reason made public"),
    }  # fmt: skip

    def __init__(self, step, data=None, files=None, *, today):
        super().__init__(data, files, initial={"done_on": today})
        self.fields["text"].label = self.LABELS[Step(step)]


class RecordForm(forms.Form):
    """约谈记录: what the interview's record needs."""

    done_on = forms.DateField(label=_("Day of the interview"), widget=DateInput)
    participants = forms.CharField(label=_("Who took part"), max_length=300)
    problems = forms.CharField(label=_("Problems named"), widget=Words())
    demands = forms.CharField(label=_("What is demanded"), widget=Words())
    promise = forms.CharField(label=_("What was promised"), widget=Words())

    def __init__(self, step, data=None, files=None, *, today):
        super().__init__(data, files, initial={"done_on": today})


ACT_FORMS = {
    Action.SEND_BACK: NoteForm, Action.DISCARD: NoteForm, Action.LIFT: NoteForm, Action.RELEASE: NoteForm,
    Action.END: OptionalNoteForm, Action.STATE: StateForm, Action.HEAR: HearForm, Action.APPEAL: AppealForm,
}  # fmt: skip


class DismissForm(forms.Form):
    reason = forms.CharField(label=_("Why nothing follows"), max_length=300, widget=Words())


class CheckForm(forms.Form):
    name = forms.CharField(label=_("Full name"), max_length=60)


class TriggerForm(forms.ModelForm):
    """A bureau's own version of a trigger."""

    class Meta:
        model = MeasureTrigger
        fields = ["name", "threshold", "grade", "kind", "legal_basis", "basis_text", "is_active"]

    def __init__(self, data=None, *, instance, today):
        super().__init__(data, instance=instance)
        self.fields["legal_basis"].queryset = LegalBasis.objects.in_force(today)
        if instance.look not in ON_HAZARD:
            del self.fields["grade"]
        if instance.look == Look.FUNDS:
            del self.fields["kind"]
        else:
            self.fields["kind"].required = True

    def clean_threshold(self):
        if not 1 <= self.cleaned_data["threshold"] <= 250:
            raise forms.ValidationError(_("Between %(low)d and %(high)d."), params={"low": 1, "high": 250})
        return self.cleaned_data["threshold"]

    def clean(self):
        if not (self.cleaned_data.get("legal_basis") or self.cleaned_data.get("basis_text")):
            self.add_error("basis_text", _("Name the basis of the measure."))


class MeasureFilter(forms.Form):
    """Filters of the list; a value that cannot be read is shown with its error and filters nothing."""

    q = forms.CharField(
        label=_("Number, school or person"), required=False, max_length=60,
        widget=forms.TextInput(attrs={"type": "search"}),
    )  # fmt: skip
    kind = forms.ChoiceField(label=_("Measure"), required=False, choices=[ALL, *DRAFTABLE])
    status = forms.ChoiceField(label=_("State"), required=False, choices=[ALL, *Status.choices])
    within = forms.ModelChoiceField(Organisation.objects.none(), required=False, widget=forms.HiddenInput)

    def __init__(self, data, organisations):
        super().__init__(data)
        self.fields["within"].queryset = organisations

    def apply(self, rows):
        """The rows that fit what was chosen."""
        self.is_valid()
        chosen = getattr(self, "cleaned_data", {})
        for name in ("kind", "status"):
            if chosen.get(name):
                rows = rows.filter(**{name: chosen[name]})
        if chosen.get("within"):
            rows = rows.filter(school__path__startswith=chosen["within"].path)
        if chosen.get("q"):
            words = chosen["q"].strip()
            rows = rows.filter(
                Q(number__icontains=words) | Q(school__name__icontains=words) | Q(person_name=words)
            )
        return rows
