"""Measurements of the program: each module here has `run(report)` and adds rows to the report."""
