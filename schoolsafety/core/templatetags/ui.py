"""Format filters for templates; none of them asks the database."""

from django import template

register = template.Library()
