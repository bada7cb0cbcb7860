"""The forms of supervision, one module a part. They only check; services act."""
