"""The only code that changes rows of supervision. One module a part, one function a verb."""
