"""The addresses of the kernel."""

app_name = "core"
urlpatterns: list = []
