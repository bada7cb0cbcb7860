"""The addresses of the close-out sheet."""

urlpatterns: list = []
