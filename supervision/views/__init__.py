"""The pages of supervision: thin, one module a part."""
