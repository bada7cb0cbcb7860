"""The addresses of listed supervision."""

urlpatterns: list = []
