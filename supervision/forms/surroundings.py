"""Forms of hazards around schools. They only check; services act, on the cleaned data."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hazards.forms import ProofField, SchoolField, Words
from schoolsafety.core.fields import PhotosField
from schoolsafety.core.forms import DateInput
from schoolsafety.core.models import Organisation

from ..models import JointMeeting, MeetingPlace, Surrounding, SurroundingLetter
from ..queries_surroundings import is_late
from ..workflow.surroundings import AGENCIES, UNSOLVED, Kind, Outcome, State


class SurroundingForm(forms.ModelForm):
    """What is wrong around a school. Without an agency the one that usually leads is put in."""

    photos = PhotosField(
        label=_("Photos"), required=False, help_text=_("Show the place, not the faces of pupils.")
    )

    class Meta:
        model = Surrounding
        fields = ["kind", "title", "place", "distance", "found_on", "agency", "protection", "description"]
        widgets = {"found_on": DateInput, "description": Words}
        help_texts = {
            "distance": _("From the school's wall or gate, as the crow flies."),
            "agency": _("Empty: the agency that usually leads for this kind."),
        }

    def __init__(self, *args, schools=None, **kwargs):
        """`schools`: those to choose from; None where the school is given."""
        super().__init__(*args, **kwargs)
        self.fields["agency"].required = False
        self.fields["distance"].max_value = 20_000
        if schools is not None:
            field = SchoolField(schools, label=_("School name or code"))
            self.fields = {"school": field, **self.fields}

    def clean_distance(self):
        distance = self.cleaned_data["distance"]
        if distance is not None and distance > 20_000:
            raise forms.ValidationError(_("Twenty kilometres is no longer around a school."))
        return distance

    def clean(self):
        kind = self.cleaned_data.get("kind")
        if kind and not (self.cleaned_data.get("agency") or "").strip():
            self.cleaned_data["agency"] = AGENCIES[Kind(kind)]
        return self.cleaned_data

    def facts(self):
        """The keyword arguments of the services."""
        return {name: self.cleaned_data[name] for name in [*self.Meta.fields, "photos"]}


class HandOverForm(SurroundingForm):
    """A hazard's way into the archive, with the reason; its photos come along."""

    note = forms.CharField(label=_("Why it lies outside the school's power"), widget=Words)
    photos = None  # type: ignore[assignment]

    def facts(self):
        return {name: self.cleaned_data[name] for name in [*self.Meta.fields, "note"]}


class ReasonForm(forms.Form):
    note = forms.CharField(label=_("Reason"), widget=Words)


class SolveForm(forms.Form):
    solved_on = forms.DateField(label=_("Solved on"), widget=DateInput)
    note = forms.CharField(label=_("How it was solved, and by whom"), widget=Words)
    proofs = ProofField(label=_("Photo or document that shows it"), required=True)


class LookAgainForm(forms.Form):
    outcome = forms.ChoiceField(label=_("What was seen"), choices=Outcome.choices, widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("Remark"), widget=Words, required=False, help_text=_("Needed when it is back.")
    )
    photos = PhotosField(label=_("Photos"), required=False)


class LetterForm(forms.ModelForm):
    """The words of a letter; the table of places is set between the first paragraph and the rest."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = SurroundingLetter
        fields = ["addressee", "copies", "title", "body", "reply_due_on", "contact"]
        widgets = {"reply_due_on": DateInput, "body": forms.Textarea({"rows": 7})}
        help_texts = {
            "body": _("The first paragraph stands before the table of places, the others after it."),
            "addressee": _("A government or an agency, by its full name."),
        }

    def words(self):
        """The keyword arguments of the services."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class ReplyForm(forms.ModelForm):
    """The answer as a whole; what it says of each place stands in a form of its own."""

    proofs = ProofField(label=_("The answer as photo or file"), required=False)

    class Meta:
        model = SurroundingLetter
        fields = ["replied_on", "reply_number", "reply"]
        widgets = {"replied_on": DateInput, "reply": Words}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("replied_on", "reply"):
            self.fields[name].required = True


class PlaceAnswerForm(forms.Form):
    """What the answer says of one place."""

    answer = forms.CharField(label=_("What it says of this place"), widget=Words, required=False)
    promised_on = forms.DateField(label=_("Promised by"), widget=DateInput, required=False)


class MeetingForm(forms.ModelForm):
    """A joint meeting to call."""

    class Meta:
        model = JointMeeting
        fields = ["title", "held_on", "venue", "members"]
        widgets = {"held_on": DateInput, "members": forms.Textarea({"rows": 4})}


class MinutesForm(MeetingForm):
    """A joint meeting that took place."""

    proofs = ProofField(label=_("The signed minutes as photo or file"), required=False)

    class Meta(MeetingForm.Meta):
        fields = ["held_on", "venue", "members", "minutes"]
        widgets = MeetingForm.Meta.widgets | {"minutes": forms.Textarea({"rows": 6})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["minutes"].required = True


class DecisionForm(forms.ModelForm):
    """What a meeting decided of one place."""

    class Meta:
        model = MeetingPlace
        fields = ["decision", "lead", "due_on"]
        widgets = {"due_on": DateInput, "decision": Words}


SUMMED_STATES = [("open", _("Not solved yet")), ("late", _("No answer in time"))]


class ArchiveFilter(forms.Form):
    """What narrows the archive. All optional; what cannot be read filters nothing."""

    q = forms.CharField(
        label=_("Words or number"), required=False, max_length=60, widget=forms.TextInput({"type": "search"})
    )
    within = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("School or district"), required=False, empty_label=_("All")
    )
    status = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("All")), *SUMMED_STATES, *State.choices]
    )
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("All")), *Kind.choices])
    nearer = forms.IntegerField(label=_("Within so many metres"), required=False, min_value=0)

    def __init__(self, data, organisations):
        super().__init__(data)
        self.fields["within"].queryset = organisations

    def apply(self, rows, on):
        """The rows (with their clock) that fit what was chosen, on the day `on`."""
        self.is_valid()
        chosen = getattr(self, "cleaned_data", {})
        if words := (chosen.get("q") or "").strip():
            names = ("number", "title", "place", "agency", "school__name")
            found = Q()
            for name in names:
                found |= Q(**{f"{name}__icontains": words})
            rows = rows.filter(found)
        if chosen.get("within"):
            rows = rows.filter(school__path__startswith=chosen["within"].path)
        if chosen.get("kind"):
            rows = rows.filter(kind=chosen["kind"])
        if chosen.get("nearer") is not None:
            rows = rows.filter(distance__lte=chosen["nearer"])
        status = chosen.get("status")
        if status == "late":
            return rows.filter(is_late(on))
        if status == "open":
            return rows.filter(status__in=UNSOLVED)
        return rows.filter(status=status) if status else rows
