"""The cookie by which the field client knows, without asking, whose the browser is."""

import pytest
from django.urls import reverse

from schoolsafety.core.models import SignedInSession


def test_the_browser_is_told_whose_it_is_and_forgets_it_at_signing_out(client, officer):
    """The field client shows nothing of anybody else before it has asked the server."""
    client.get("/login/")
    assert "whose" not in client.cookies
    client.force_login(officer)
    client.get("/")
    assert client.cookies["whose"].value == str(officer.pk)
    client.post("/logout/")
    client.get("/login/")
    assert client.cookies["whose"].value == ""


@pytest.mark.parametrize("path", ["/api/m/session", "/api/m/bootstrap"])
def test_the_interface_does_not_make_it_forget_whoever_still_owes_the_second_factor(
    as_admin, admin, settings, path
):
    """To the interface nobody is there yet; but what lies in the browser is still this person's."""
    settings.PROFILE = settings.PROFILE | {"totp_roles": ["administrator"]}
    as_admin.get(reverse("core:totp"))
    assert as_admin.cookies["whose"].value == str(admin.pk)
    answer = as_admin.get(path)
    assert "whose" not in answer.cookies
    assert as_admin.cookies["whose"].value == str(admin.pk)
    SignedInSession.objects.all().delete()  # ended from elsewhere: now nobody is there indeed
    as_admin.get(path)
    assert as_admin.cookies["whose"].value == ""
