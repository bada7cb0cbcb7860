"""Forms of patrols, points, checklists and visits. They only check; services act."""

from django import forms
from django.utils.translation import gettext_lazy as _

from hazards.models import Category
from hazards.workflow import Grade
from schoolsafety.core.fields import PhotosField
from schoolsafety.core.forms import DateInput
from schoolsafety.core.models import Organisation
from schoolsafety.core.models.organisation import FACILITIES, SCHOOL_KINDS, Kind

from .models import ChecklistItem, Inspection, InspectionMember, Point, Zone
from .workflow import Answer

GRADES = [(Grade.GENERAL, _("General: fix at once")), (Grade.MAJOR, _("Suspected major"))]


class PhraseChips(forms.RadioSelect):
    """One press a phrase; each carries the grade that it suggests, which a script may then choose."""

    def __init__(self, grades):
        super().__init__()
        self.grades = grades

    def create_option(self, name, value, *args, **kwargs):
        option = super().create_option(name, value, *args, **kwargs)
        option["attrs"]["data-grade"] = self.grades.get(str(value), Grade.GENERAL)
        return option


class FindingForm(forms.Form):
    """What is wrong with one item: photo, phrase, grade, place; fixed on the spot with a photo of after."""

    photos = PhotosField(label=_("Photo of what is wrong"), required=False)
    phrase = forms.ChoiceField(label=_("What is wrong"), required=False)
    note = forms.CharField(
        label=_("In other words"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Choose a phrase or write it here; one of the two."),
    )  # fmt: skip
    proposed_grade = forms.ChoiceField(label=_("How bad"), choices=GRADES, widget=forms.RadioSelect)
    point = forms.ModelChoiceField(Point.objects.none(), label=_("Point"), required=False)
    place = forms.CharField(label=_("Where exactly"), max_length=120, required=False)
    is_fixed_on_spot = forms.BooleanField(label=_("Fixed on the spot"), required=False)
    after_photos = PhotosField(label=_("Photo of after"), required=False)

    def __init__(self, item, zone, points, *args, has_photos=False, **kwargs):
        """`zone`: where the item is looked at, the place when none is written; `points`: of the school."""
        super().__init__(*args, **kwargs)
        self.fields["photos"].required = not has_photos
        self.fields["phrase"].widget = PhraseChips({row["text"]: row["grade"] for row in item.phrases})
        self.fields["phrase"].choices = [(row["text"], row["text"]) for row in item.phrases]
        if not item.phrases:
            del self.fields["phrase"]
        self.fields["point"].queryset = points.filter(zone__kind=item.zone_kind)
        self.fields["point"].empty_label = _("None")
        if zone:
            self.fields["place"].widget.attrs["placeholder"] = zone.name


class SubmitPatrolForm(forms.Form):
    """Remarks on a walk; a late entry says why it comes late."""

    note = forms.CharField(
        label=_("Remarks on this walk"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, is_late, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if is_late:
            self.fields["note"].label = _("Why it comes late")
            self.fields["note"].required = True


class LateEntryForm(forms.Form):
    """Enter a walk for a day that is over (补录)."""

    day = forms.DateField(label=_("Day"), widget=DateInput)


class ZoneForm(forms.ModelForm):
    class Meta:
        model = Zone
        fields = ["name", "kind", "order", "is_active"]
        labels = {"is_active": _("in use")}


class PointForm(forms.ModelForm):
    class Meta:
        model = Point
        fields = ["name", "zone", "risk", "is_active"]
        labels = {"is_active": _("in use"), "zone": _("Zone")}

    def __init__(self, zones, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["zone"].queryset = zones


class ItemForm(forms.ModelForm):
    """One item of a draft checklist; phrases one a line, a final "!" proposes a major hazard."""

    kinds = forms.MultipleChoiceField(
        label=_("Only for these kinds of school"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=[(kind.value, kind.label) for kind in Kind if kind in SCHOOL_KINDS],
        help_text=_("None chosen: for all."),
    )  # fmt: skip
    facility = forms.ChoiceField(label=_("Needs the facility"), required=False)
    phrases_text = forms.CharField(
        label=_("Phrases, one a line"), required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("A final “!” proposes a major hazard."),
    )  # fmt: skip

    class Meta:
        model = ChecklistItem
        fields = [
            "code", "category", "text", "text_en", "frequency", "zone_kind", "level_if_failed", "basis",
            "kinds", "facility", "must_photograph",
        ]  # fmt: skip
        labels = {"category": _("Category")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        labels = [(name, Organisation._meta.get_field(f"has_{name}").verbose_name) for name in FACILITIES]
        self.fields["facility"].choices = [("", _("None")), *labels]


class PublishForm(forms.Form):
    on = forms.DateField(label=_("In force from"), widget=DateInput)


class VisitForm(forms.ModelForm):
    """A bureau's inspection: the facts that 安全生产法 Art. 67 and 68 ask for."""

    categories = forms.ModelMultipleChoiceField(
        Category.objects.filter(is_active=True), label=_("Checklist by categories"), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    class Meta:
        model = Inspection
        fields = [
            "school", "form", "is_joint", "partners", "subject", "place", "inspected_on", "began_at",
        ]  # fmt: skip
        widgets = {
            "inspected_on": DateInput,
            "began_at": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "form": forms.RadioSelect,
        }
        labels = {"school": _("School"), "began_at": _("Began at")}

    def __init__(self, schools, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["school"].queryset = schools
        self.fields["form"].choices = Inspection.Form.choices

    def clean(self):
        if self.cleaned_data.get("is_joint") and not self.cleaned_data.get("partners"):
            self.add_error("partners", _("Name the agencies that take part."))


class MemberForm(forms.ModelForm):
    """A member of the team with the number of the certificate that was shown."""

    class Meta:
        model = InspectionMember
        fields = ["name", "unit", "certificate", "is_leader"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name of the member")
        self.fields["certificate"].required = True


MemberFormSet = forms.formset_factory(MemberForm, extra=1, min_num=2, validate_min=True, max_num=8)


class VisitAnswersForm(forms.Form):
    """The checklist of a visit, one choice an item; none: not looked at. A field knows its `category`."""

    def __init__(self, items, answers, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for item in items:
            self.fields[f"item-{item.pk}"] = forms.ChoiceField(
                label=item.text, required=False, widget=forms.RadioSelect, choices=Answer.choices,
                initial=answers.get(str(item.pk), "")[:1],
            )  # fmt: skip
            self.fields[f"item-{item.pk}"].category = item.category

    def answers(self):
        """{item id: answer or ""} of a valid form."""
        return {int(name.removeprefix("item-")): value for name, value in self.cleaned_data.items()}


class VisitFindingForm(forms.Form):
    """A problem that the team saw."""

    title = forms.CharField(label=_("What is wrong"), max_length=100)
    place = forms.CharField(label=_("Where"), max_length=120)
    item = forms.ModelChoiceField(ChecklistItem.objects.none(), label=_("Checklist item"), required=False)
    category = forms.ModelChoiceField(
        Category.objects.filter(is_active=True), label=_("Category"), required=False,
        help_text=_("Only without a checklist item."),
    )  # fmt: skip
    note = forms.CharField(
        label=_("Details"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    proposed_grade = forms.ChoiceField(
        label=_("How bad"), choices=GRADES, initial=Grade.GENERAL, widget=forms.RadioSelect
    )
    photos = PhotosField(label=_("Photos"))

    def __init__(self, items, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["item"].queryset = items
        if not items:
            del self.fields["item"]
            self.fields["category"].help_text, self.fields["category"].required = "", True


class FinishVisitForm(forms.ModelForm):
    """How it ended: handling, the head's signature or the refusal with a witness."""

    class Meta:
        model = Inspection
        fields = [
            "ended_at", "problems_text", "handling", "head_name", "head_post", "head_remark",
            "is_signature_refused", "refusal_note", "witness",
        ]  # fmt: skip
        widgets = {
            "ended_at": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "problems_text": forms.Textarea(attrs={"rows": 3}),
            "handling": forms.Textarea(attrs={"rows": 3}),
            "head_remark": forms.Textarea(attrs={"rows": 2}),
        }
        labels = {"ended_at": _("Ended at")}

    def __init__(self, findings, *args, **kwargs):
        """`findings`: of the visit; the problems found are written out from them, to be changed."""
        super().__init__(*args, **kwargs)
        lines = (f"{n}. {row.place}：{row.phrase}。" for n, row in enumerate(findings, start=1))
        self.initial["problems_text"] = self.instance.problems_text or "\n".join(lines)
        self.fields["handling"].required = bool(findings)
