"""The addresses of the bureau's ledger."""

urlpatterns: list = []
