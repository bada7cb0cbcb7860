"""Every component in every state on one page, for tests and for eyes: `python -m tests.gallery FOLDER`."""
