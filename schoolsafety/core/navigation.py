"""The menu: apps above register their entries here, so that the kernel need not know them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse


@dataclass(frozen=True)
class Entry:
    """One menu entry. `roles`: who sees it. `count(user)`: how many wait for this person (one query)."""

    name: str  # URL name
    label: Any  # lazy text
    icon: str  # glyph of static/icons/sprite.svg
    roles: frozenset[str]
    order: int
    group: str = "work"  # "work", "papers" or "manage"
    is_tab: bool = False  # one of the four on a phone
    count: Callable | None = None
    query: str = ""  # "?state=late"


@dataclass(frozen=True)
class Link:
    """An entry as drawn for one person on one page."""

    label: Any
    url: str
    icon: str
    group: str
    is_tab: bool
    is_current: bool
    count: int | None


ENTRIES: list[Entry] = []
GROUPS = ["work", "papers", "manage"]


def register(*entries: Entry) -> None:
    """Add entries; called from an app's `ready()`."""
    ENTRIES.extend(entries)


def links_for(user, path) -> list[Link]:
    """The menu of this person on the page at `path`; the longest matching address is the current one."""
    roles = {role for _path, role in user.posts}
    links = [
        Link(
            label=entry.label,
            url=reverse(entry.name) + entry.query,
            icon=entry.icon,
            group=entry.group,
            is_tab=entry.is_tab,
            is_current=False,
            count=entry.count(user) if entry.count else None,
        )
        for entry in sorted(ENTRIES, key=lambda entry: (GROUPS.index(entry.group), entry.order))
        if roles & entry.roles
    ]
    fitting = [link for link in links if path.startswith(link.url.partition("?")[0])]
    current = max(fitting, key=lambda link: (len(link.url.partition("?")[0]), -len(link.url)), default=None)
    return [replace(link, is_current=link is current) for link in links]


# What apps above show on an organisation's page: f(organisation, user) -> [(label, address)], no query.
PLACE_LINKS: list[Callable] = []


def place_links(organisation, user):
    """[(label, address)] of what other apps have to say about this organisation."""
    return [link for each in PLACE_LINKS for link in each(organisation, user)]


# What apps above say on top of an organisation's page: f(organisation, user, now) -> [(text, address)],
# one query at most.
PLACE_NOTES: list[Callable] = []


def place_notes(organisation, user, now):
    """[(text, address)] of what everybody who opens this organisation's page must know."""
    return [note for each in PLACE_NOTES for note in each(organisation, user, now)]
