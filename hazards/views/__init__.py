"""The pages of hazards, one module an aggregate."""
