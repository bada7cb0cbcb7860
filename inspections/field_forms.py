"""The form that takes a rescue file. It only checks; the service reads."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .services.field_rescue import MOST_BYTES


class RescueForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Rescue file"),
        help_text=gettext_lazy(
            "The file that the queue of the phone exported; its name begins with xiaoan-."
        ),
        widget=forms.FileInput(attrs={"accept": ".txt,text/plain"}),
    )

    def clean_file(self):
        upload = self.cleaned_data["file"]
        if upload.size > MOST_BYTES:
            raise ValidationError(_("The file is larger than %(n)d MB.") % {"n": MOST_BYTES >> 20})
        return upload
