"""Judging, beside a hazard: the box on its page, the page of a major grade, the judgement kept."""

from hazards import presentation
from hazards.services import moving

from . import criteria_importing, judging_pages  # noqa: F401 -- the importer registers itself
from .services.judging import follow_grading

moving.FOLLOWERS.append(follow_grading)
presentation.PART_SOURCES.append(judging_pages.box_of)
presentation.GRADING_PAGES.append(judging_pages.grading_page)
