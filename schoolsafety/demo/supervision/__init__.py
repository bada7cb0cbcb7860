"""The demo's supervision: the stories of its parts, told after those of the hazards, as (story, workdays back)."""

from . import chasing, funding, judging, listing, measures, stops, surroundings

STORIES = [
    *judging.STORIES,
    *listing.STORIES,
    *stops.STORIES,
    *surroundings.STORIES,
    *funding.STORIES,
    *measures.STORIES,
    *chasing.STORIES,
]
