"""Figures: what the records say of a week or a month. Reads only; the day of drawing comes in as `on`."""
