"""The demo's supervision: the stories of its parts, told after those of the hazards, as (story, workdays back)."""

from . import stops

STORIES = [*stops.STORIES]
