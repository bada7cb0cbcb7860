"""Security profiles: the numbers that OWASP ASVS 5.0 and 等保 2.0 (GB/T 22239-2019) leave to the owner.

ASVS 6.2.5 and 6.2.10 forbid composition rules and rotation; 等保 asks for both: hence profiles.
"""

_MIN = "django.contrib.auth.password_validation.MinimumLengthValidator"
_COMMON = {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"}
_SIMILAR = {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"}
_CLASSES = {"NAME": "schoolsafety.core.signin.ThreeOfFourClassesValidator"}

PROFILES = {
    "asvs": {
        "password_validators": [{"NAME": _MIN, "OPTIONS": {"min_length": 12}}, _COMMON, _SIMILAR],
        "password_days": None,
        "failures_before_lock": 5,
        "lock_hours": 0.5,
        "session_seconds": 14 * 24 * 3600,
        "idle_minutes": None,
        "totp_roles": ["administrator"],
    },
    "dengbao2": {
        "password_validators": [{"NAME": _MIN, "OPTIONS": {"min_length": 8}}, _COMMON, _SIMILAR, _CLASSES],
        "password_days": 90,
        "failures_before_lock": 5,
        "lock_hours": 0.5,
        "session_seconds": 24 * 3600,
        "idle_minutes": 30,
        "totp_roles": ["administrator"],
    },
    "dengbao3": {
        "password_validators": [{"NAME": _MIN, "OPTIONS": {"min_length": 10}}, _COMMON, _SIMILAR, _CLASSES],
        "password_days": 90,
        "failures_before_lock": 5,
        "lock_hours": 0.5,
        "session_seconds": 12 * 3600,
        "idle_minutes": 15,
        "totp_roles": [
            "administrator", "auditor", "district_staff", "district_leader", "city_staff", "city_leader",
        ],
    },
}  # fmt: skip
