"""Forms of listed supervision. They only check; services act. Cleaned data are a service's arguments."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from schoolsafety.core.fields import DocumentField, PhotosField
from schoolsafety.core.forms import DateInput
from schoolsafety.core.models import Organisation, User

from ..models import Listing
from ..services.listing_drafting import FIELDS
from ..workflow.listing import LIFT_GROUNDS, ListingStatus, ReportState

STAGES = range(1, 6)  # as many stages as a draft's form has rows


class Words(forms.Textarea):
    """A small text area: words, not an essay."""

    def __init__(self, rows=3):
        super().__init__({"rows": rows})


class ListingForm(forms.ModelForm):
    """The draft: what the paper says, the stages in rows, and the words for the public."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Listing
        fields = FIELDS
        widgets = {
            "plan_due_on": DateInput, "due_on": DateInput, "basis": Words(2), "situation": Words(4),
            "demands": Words(4), "controls": Words(), "extension_how": Words(4), "conditions": Words(),
            "public_advice": Words(2),
        }  # fmt: skip
        help_texts = {
            "plan_due_on": _("Empty: the plan is accepted already."),
            "public_what": _("No names, no telephone numbers. A leader publishes it."),
        }

    def __init__(self, supervisors, data=None, *, instance=None, initial=None, stages=()):
        """`supervisors`: the people of the bureau; `stages`: [(name, day)] to begin with."""
        super().__init__(data, instance=instance, initial=initial)
        self.fields["supervisor"].queryset = supervisors
        self.fields["supervisor"].empty_label = _("Choose")
        for n in STAGES:
            name, day = stages[n - 1] if n <= len(stages) else ("", None)
            self.fields[f"stage_{n}"] = forms.CharField(
                label=_("Stage %(n)d") % {"n": n}, max_length=100, required=False, initial=name
            )
            self.fields[f"stage_{n}_by"] = forms.DateField(
                label=_("Stage %(n)d by") % {"n": n}, required=False, widget=DateInput, initial=day
            )

    @property
    def stage_fields(self):
        """[(field, field)] of the stages for the template."""
        return [(self[f"stage_{n}"], self[f"stage_{n}_by"]) for n in STAGES]

    def clean(self):
        last, end = None, self.cleaned_data.get("due_on")
        for n in STAGES:
            name, day = self.cleaned_data.get(f"stage_{n}"), self.cleaned_data.get(f"stage_{n}_by")
            by = f"stage_{n}_by"
            if name and not day and by not in self.errors:
                self.add_error(by, _("Say by when."))
            elif day and not name:
                self.add_error(f"stage_{n}", _("Say what is to be reached."))
            elif day and ((last and day < last) or (end and day > end)):
                self.add_error(by, _("Stages follow each other and end within the term."))
            last = day or last

    def arguments(self):
        """{"values", "stages"} for the services."""
        chosen = self.cleaned_data
        stages = [(chosen[f"stage_{n}"], chosen[f"stage_{n}_by"]) for n in STAGES if chosen[f"stage_{n}"]]
        return {"values": {name: chosen[name] for name in FIELDS}, "stages": stages}


class PressForm(forms.Form):
    """Nothing to fill in: the button is the decision."""


class RemarkForm(forms.Form):
    note = forms.CharField(label=_("Remark"), widget=Words(), required=False)


class ReasonForm(forms.Form):
    note = forms.CharField(label=_("Reason"), widget=Words())


class PublishForm(forms.ModelForm):
    """The words for everybody, looked over once more by who publishes them."""

    is_checked = forms.BooleanField(
        label=_("I have read it as a stranger would: no person can be recognised in it.")
    )

    class Meta:
        model = Listing
        fields = ["public_what", "public_where", "public_advice"]
        widgets = {"public_advice": Words(2)}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in self.Meta.fields:
            self.fields[name].required = True

    def arguments(self):
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class ProgressForm(forms.Form):
    """A progress report: what was done, what comes, how it is kept safe, which stages are reached."""

    text = forms.CharField(label=_("What was done since the last report"), widget=Words())
    stages = forms.MultipleChoiceField(
        label=_("Stages reached"), required=False, widget=forms.CheckboxSelectMultiple
    )
    plan_ahead = forms.CharField(
        label=_("What comes next, and what is in the way"), widget=Words(2), required=False
    )
    protection = forms.CharField(label=_("How it is kept safe meanwhile"), widget=Words(2))
    funds_spent = forms.DecimalField(
        label=_("Money spent so far (yuan)"), min_value=0, max_digits=12, decimal_places=2, required=False
    )
    photos = PhotosField(label=_("Photos"), required=False)

    def __init__(self, stages, *args, **kwargs):
        """`stages`: the ListingStages that are not reached yet."""
        super().__init__(*args, **kwargs)
        self.fields["stages"].choices = [(stage.pk, f"{stage.name} · {stage.due_on}") for stage in stages]
        if not stages:
            del self.fields["stages"]


class AnswerForm(forms.Form):
    state = forms.ChoiceField(
        label=_("Decision"), widget=forms.RadioSelect, initial=ReportState.READ,
        choices=[(ReportState.READ, _("Read, nothing is missing")), (ReportState.RETURNED, _("Return it"))],
    )  # fmt: skip
    answer = forms.CharField(
        label=_("Answer"), widget=Words(), required=False, help_text=_("Needed when it is returned.")
    )


class AskForm(forms.Form):
    due_on = forms.DateField(label=_("New end of the term asked for"), widget=DateInput)
    reason = forms.CharField(label=_("Reason"), widget=Words())
    safeguards = forms.CharField(label=_("How it is kept safe until then"), widget=Words(2))


class DecideForm(forms.Form):
    is_granted = forms.TypedChoiceField(
        label=_("Decision"), choices=[("1", _("Granted")), ("0", _("Refused"))],
        coerce=lambda value: value == "1", widget=forms.RadioSelect,
    )  # fmt: skip
    new_due_on = forms.DateField(
        label=_("New end of the term"), required=False, widget=DateInput, help_text=_("Empty: as asked for.")
    )
    answer = forms.CharField(
        label=_("Answer"), widget=Words(), required=False, help_text=_("Needed when it is refused.")
    )


class ApplyForm(forms.Form):
    assessment = forms.CharField(
        label=_("Assessment of the rectification"), widget=Words(4),
        help_text=_("What was done, whether the aims are reached, whether it is safe to use."),
    )  # fmt: skip
    assessed_by = forms.CharField(
        label=_("Assessed by"), max_length=200, help_text=_("Own technicians, experts, or a qualified body.")
    )
    photos = PhotosField(label=_("Photos of after"), required=False)
    paper = DocumentField(
        label=_("Assessment report (PDF or Office file)"), required=False,
        help_text=_("A photo or a paper is needed if the rectification is not handed in yet."),
    )  # fmt: skip

    def arguments(self):
        chosen = dict(self.cleaned_data)
        paper = chosen.pop("paper")
        return chosen | {"papers": [paper] if paper else []}


class JudgeForm(forms.Form):
    is_passed = forms.TypedChoiceField(
        label=_("Result"), choices=[("1", _("Passed")), ("0", _("Not passed"))],
        coerce=lambda value: value == "1", widget=forms.RadioSelect,
    )  # fmt: skip
    people = forms.CharField(
        label=_("Accepted by"), max_length=200, help_text=_("At least two people, separated by 、")
    )
    opinion = forms.CharField(
        label=_("Opinion"), widget=Words(), required=False, help_text=_("Needed when it is not passed.")
    )
    photos = PhotosField(label=_("Photos"), required=False)


class LiftForm(forms.Form):
    ground = forms.ChoiceField(
        label=_("Ground"), choices=[(ground.value, ground.label) for ground in LIFT_GROUNDS],
        widget=forms.RadioSelect,
    )  # fmt: skip
    note = forms.CharField(label=_("Reason"), widget=Words())


class HandOverForm(forms.Form):
    supervisor = forms.ModelChoiceField(
        User.objects.none(), label=_("Supervising person"), empty_label=_("Choose")
    )

    def __init__(self, supervisors, *args, **kwargs):
        """`supervisors`: the people of the supervising bureau."""
        super().__init__(*args, **kwargs)
        self.fields["supervisor"].queryset = supervisors


class ListingFilter(forms.Form):
    """What narrows the list. All optional; what cannot be read filters nothing."""

    q = forms.CharField(
        label=_("Number, school or words"), required=False, max_length=60,
        widget=forms.TextInput(attrs={"type": "search"}),
    )  # fmt: skip
    within = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("School or district"), required=False
    )
    status = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("All")), *ListingStatus.choices]
    )
    queue = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data, organisations):
        super().__init__(data)
        self.fields["within"].queryset = organisations
        self.fields["within"].empty_label = _("All")

    def apply(self, rows):
        """The rows that fit what was chosen."""
        self.is_valid()
        chosen = getattr(self, "cleaned_data", {})
        if chosen.get("within"):
            rows = rows.filter(school__path__startswith=chosen["within"].path)
        if chosen.get("status"):
            rows = rows.filter(status=chosen["status"])
        if words := chosen.get("q", "").strip():
            rows = rows.filter(
                Q(number__icontains=words) | Q(hazard__title__icontains=words)
                | Q(hazard__number=words) | Q(school__name__icontains=words)
            )  # fmt: skip
        return rows
