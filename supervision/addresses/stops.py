"""The addresses of stopped use and its resumption."""

urlpatterns: list = []
