"""The ways in which a phone's record is refused; each becomes one answer of the interface."""

from django.core.exceptions import ValidationError


class Conflict(Exception):
    """The server holds something else under this number, or for somebody else. `code`: changed | owner."""

    def __init__(self, code: str, message: str):
        super().__init__(message)
        self.code = code


class PhotosMissing(Exception):
    """The record names photos that have not arrived: the phone sends them again."""

    def __init__(self, missing):
        super().__init__(", ".join(map(str, missing)))
        self.missing = list(missing)


class Mangled(ValidationError):
    """The bytes that arrived are not the bytes that were sent."""
