"""Form fields of the kernel: several photos, one document."""

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from .files import check_document, check_photo


class PhotosInput(forms.ClearableFileInput):
    """Opens the camera on a phone, takes several pictures on a desk."""

    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"

    def __init__(self, attrs=None):
        super().__init__({"accept": "image/*", "data-photos": "", "multiple": True, **(attrs or {})})


class PhotosField(forms.FileField):
    """A list of uploaded photos, each decoded once here so that a bad one is refused beside the field."""

    widget = PhotosInput

    def clean(self, data, initial=None):
        files = [each for each in (data if isinstance(data, list | tuple) else [data]) if each]
        if not files:
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return []
        if len(files) > settings.PHOTOS_PER_UPLOAD:
            raise ValidationError(_("At most %(n)d photos at once.") % {"n": settings.PHOTOS_PER_UPLOAD})
        for each in files:
            check_photo(each)
        return files


class DocumentField(forms.FileField):
    """One PDF or Office file, judged by its content."""

    def clean(self, data, initial=None):
        upload = super().clean(data, initial)
        if upload:
            check_document(upload)
        return upload
