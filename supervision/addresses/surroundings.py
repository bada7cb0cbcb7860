"""The addresses of hazards around schools."""

urlpatterns: list = []
