"""The addresses of hazards that wait for money."""

urlpatterns: list = []
