"""The rows of supervision, one module a part. States change only through `services`."""
