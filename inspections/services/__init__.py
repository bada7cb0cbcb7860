"""The verbs of inspections, one module an aggregate."""
