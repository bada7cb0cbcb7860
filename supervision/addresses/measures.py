"""The addresses of the ladder of measures."""

urlpatterns: list = []
