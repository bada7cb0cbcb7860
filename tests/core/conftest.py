"""A client that is signed in as the city's administrator."""

import pytest


@pytest.fixture
def as_admin(client, admin):
    """The test client, signed in as the city's administrator."""
    client.force_login(admin)
    return client
