"""School Safety (校安): hazard case management for schools and their bureaus."""

from .celery import app as celery_app

__all__ = ["celery_app"]
__version__ = "0.1.0"
