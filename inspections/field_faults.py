"""What is wrong with a phone's record, as sentences in the person's language: one for each type of fault."""

from django.utils.translation import gettext_lazy

MOST_FAULTS = 20
UNKNOWN = gettext_lazy("This cannot be read.")
NUMBER = gettext_lazy("A number is needed here.")
RANGE = gettext_lazy("This number is too small, too large or too long.")
YES_NO = gettext_lazy("Yes or no is needed here.")
KEY = gettext_lazy("This is not the number of a record, a finding or a photo.")
MOMENT = gettext_lazy("A time with its time zone is needed here.")
DAY = gettext_lazy("A day is needed here.")
GROUP = gettext_lazy("Several entries are needed here.")
# The types are pydantic's (its errors' documentation names them all) and, at the end, those of field_payload.
SENTENCES = {
    "missing": gettext_lazy("This is missing."),
    "json_invalid": gettext_lazy("The bytes cannot be read: they were damaged or cut off on the way."),
    "string_type": gettext_lazy("Words are needed here."),
    "string_too_long": gettext_lazy("Too long: at most %(max_length)d characters."),
    "literal_error": gettext_lazy("This is none of the choices."),
    "int_type": NUMBER, "int_parsing": NUMBER, "int_from_float": NUMBER, "int_parsing_size": RANGE,
    "decimal_type": NUMBER, "decimal_parsing": NUMBER, "finite_number": NUMBER,
    "greater_than_equal": RANGE, "less_than_equal": RANGE, "decimal_max_digits": RANGE,
    "decimal_max_places": RANGE, "decimal_whole_digits": RANGE,
    "bool_type": YES_NO, "bool_parsing": YES_NO,
    "uuid_type": KEY, "uuid_parsing": KEY,
    "datetime_type": MOMENT, "datetime_parsing": MOMENT, "datetime_from_date_parsing": MOMENT,
    "timezone_aware": MOMENT, "datetime_object_invalid": MOMENT,
    "date_type": DAY, "date_parsing": DAY, "date_from_datetime_parsing": DAY,
    "date_from_datetime_inexact": DAY,
    "list_type": GROUP, "dict_type": GROUP, "model_type": GROUP, "model_attributes_type": GROUP,
    "too_long": gettext_lazy("Too many entries: at most %(max_length)d."),
    "too_short": gettext_lazy("Too few entries: at least %(min_length)d."),
    "moment_out_of_range": gettext_lazy("The clock of the phone shows a year that cannot be."),
    "items_and_answers": gettext_lazy("Each item needs one answer, and nothing else may have one."),
    "unknown_answer": gettext_lazy("There is an answer that does not exist."),
    "photo_not_asked": gettext_lazy("There is a photo of an item that is not part of the walk."),
    "finding_twice": gettext_lazy("A finding is named twice."),
    "parts_and_kind": gettext_lazy("The parts of the record do not fit its kind."),
    "problems_and_findings": gettext_lazy("Each problem needs one finding, and each finding a problem."),
}  # fmt: skip


def faults_of(rows):
    """{"path.of.the.field": [sentence]} of pydantic's errors (dicts with `type`, `loc` and `ctx`).

    What pydantic itself says is English and for programmers: it is not passed on. At most MOST_FAULTS.
    """
    found: dict[str, list[str]] = {}
    for row in rows[:MOST_FAULTS]:
        sentence = str(SENTENCES.get(row["type"], UNKNOWN)) % row.get("ctx", {})
        found.setdefault(".".join(map(str, row["loc"])), []).append(sentence)
    return found
