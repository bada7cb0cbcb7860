"""The addresses of the district's day."""

urlpatterns: list = []
