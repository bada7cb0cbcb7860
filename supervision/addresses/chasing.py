"""The addresses of deadlines, pauses, chasing and escalation."""

urlpatterns: list = []
