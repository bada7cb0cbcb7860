"""The roles that a post can carry, one line each on what the role is for."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    SCHOOL_STAFF = "school_staff", _("School staff")  # reports what it sees
    SAFETY_OFFICER = "safety_officer", _("School safety officer")  # walks, reports, rectifies
    PRINCIPAL = "principal", _("Principal")  # signs for the school
    DISTRICT_STAFF = "district_staff", _("District staff")  # grades, notifies, verifies, chases
    DISTRICT_LEADER = "district_leader", _("District leader")  # approves what the district issues
    CITY_STAFF = "city_staff", _("City staff")  # the same for the city bureau
    CITY_LEADER = "city_leader", _("City leader")
    AUDITOR = "auditor", _("Auditor")  # reads everything and the log, changes nothing
    ADMINISTRATOR = "administrator", _("Administrator")  # organisations, people, settings; no cases


SCHOOL_ROLES = frozenset({Role.SCHOOL_STAFF, Role.SAFETY_OFFICER, Role.PRINCIPAL})
BUREAU_STAFF = frozenset({Role.DISTRICT_STAFF, Role.CITY_STAFF})
BUREAU_LEADERS = frozenset({Role.DISTRICT_LEADER, Role.CITY_LEADER})
BUREAU_ROLES = BUREAU_STAFF | BUREAU_LEADERS
# Whoever holds one of these may read the cases at or below the post's organisation.
CASE_ROLES = SCHOOL_ROLES | BUREAU_ROLES | {Role.AUDITOR}
