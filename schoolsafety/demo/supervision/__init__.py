"""The demo's supervision: the stories of its parts, told after those of the hazards, as (story, workdays back)."""

from . import funding, listing, stops, surroundings

STORIES = [*listing.STORIES, *stops.STORIES, *surroundings.STORIES, *funding.STORIES]
