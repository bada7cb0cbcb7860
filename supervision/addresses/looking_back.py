"""The addresses of look-backs and their lottery."""

urlpatterns: list = []
