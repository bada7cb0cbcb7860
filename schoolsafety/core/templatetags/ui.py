"""Format filters and the bar of saved views for templates; none of them asks the database."""

import re

from django import template
from django.urls import reverse
from django.utils.html import conditional_escape
from django.utils.safestring import mark_safe

from ..filtered import everything as everything_at

register = template.Library()
# 2026-11-24, WLBD0003-2026-0012: a browser may break a line after each hyphen of these.
HYPHENATED = re.compile(r"(?<![\w-])[A-Za-z0-9]{1,12}(?:-[A-Za-z0-9]{1,6}){1,3}(?![\w-])", re.ASCII)


@register.filter(is_safe=True)
def whole(text):
    """Keep dates and numbers with hyphens on one line, inside a sentence of any length."""
    escaped = conditional_escape(text)
    return mark_safe(HYPHENATED.sub(r'<span class="nb">\g<0></span>', escaped))  # noqa: S308 -- escaped above


@register.simple_tag
def everything(page):
    """The address of a filtered list without any choice, for "clear" and "all"; `page` is its URL name."""
    return everything_at(reverse(page))


@register.inclusion_tag("components/saved_views.html", takes_context=True)
def saved_views(context):
    """The bar of saved views above a filtered list whose view is `filtered`."""
    return {"bar": context["request"].saved}
