"""Tags of the paper templates: the style sheets set into the page, and sizes that follow from a text."""

from functools import lru_cache

from django import template
from django.conf import settings
from django.utils.safestring import mark_safe

from schoolsafety.core.pdf.text import ems

register = template.Library()
# The sizes a red head may have (points), largest first; the standard leaves the size to the issuer.
MARK_SIZES = (54, 48, 44, 40, 36, 32, 28, 24, 20)
MARK_WIDTH = 156 / 25.4 * 72


@register.simple_tag
def paper_css(*names):
    """The style sheets static/papers/<name>.css, as one text; a paper loads nothing from outside."""
    return mark_safe("".join(_style_sheet(name) for name in names))  # noqa: S308 -- our own files


@register.filter
def mark_size(mark):
    """The largest size (points) at which the red head `mark` stays inside the text area."""
    width = max(ems(mark), 1)
    return next((size for size in MARK_SIZES if size * width <= MARK_WIDTH), MARK_SIZES[-1])


@lru_cache(maxsize=16)
def _style_sheet(name):
    return (settings.BASE_DIR / "static" / "papers" / f"{name}.css").read_text(encoding="utf-8")
