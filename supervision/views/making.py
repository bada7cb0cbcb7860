"""What a service made, kept for the page that goes on to it."""


class Made:
    """A service whose result stays in `row`: `perform_with` tells only whether it was done."""

    def __init__(self, service):
        self.service, self.row = service, None

    def __call__(self, *args, **arguments):
        self.row = self.service(*args, **arguments)
