"""The pages of inspections, one module an aggregate."""
