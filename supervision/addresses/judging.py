"""The addresses of the walk through the criteria of a major hazard."""

urlpatterns: list = []
