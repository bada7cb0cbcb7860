"""How a page says what a service refused: beside the field that it names, else on top."""

from django.core.exceptions import ValidationError


def add_errors(form, reason):
    """Put a NotAllowed or ValidationError into `form`."""
    if isinstance(reason, ValidationError) and hasattr(reason, "error_dict"):
        for name, errors in reason.error_dict.items():
            form.add_error(name if name in form.fields else None, errors)
    elif isinstance(reason, ValidationError):
        form.add_error(None, reason)
    else:
        form.add_error(None, str(reason))


def add_item_errors(form, item_forms, reason):
    """The same where a page has one form an item: "item-5" names the form with that prefix."""
    faults = reason.error_dict if hasattr(reason, "error_dict") else {}
    by_prefix = {item_form.prefix: item_form for item_form in item_forms}
    if not faults or not set(faults) <= set(by_prefix):
        add_errors(form, reason)
        return
    for prefix, errors in faults.items():
        by_prefix[prefix].add_error(None, errors)


def words_of(reason):
    """The reason as one line."""
    return " ".join(reason.messages) if isinstance(reason, ValidationError) else str(reason)
