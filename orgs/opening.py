"""Since when there are books (建账日): the nearest ancestor-or-self that has a day decides; without one, always.

The tree is today's, as everywhere. Read for rows (`opened_on`, `people_since`) and for SQL (`in_the_books`).
"""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet
from django.db.models.functions import Substr
from django.db.models.lookups import In

from orgs import paths
from orgs.models import Opening

# Beyond so many separate places the openings of everything above them are read instead.
MOST_PLACES = 20


def opened_on(organizations) -> dict[int, date | None]:
    """{organization id: first day of its books, None when they have no beginning}, in one query."""
    organizations = list(organizations)
    days = dict(_above(organization.path for organization in organizations))
    return {each.pk: _nearest(each.path, days) for each in organizations}


def people_since(organizations) -> dict[int, date | None]:
    """{organization id: first day on which the people of its whole subtree are in the books}, in one query.

    That is the latest of its own day and the days below it: a sum over a street that has no books yet would be false.
    """
    organizations = list(organizations)
    days = dict(_around(organization.path for organization in organizations))
    below: dict[str, date] = {}
    for path, day in days.items():
        for above in paths.ancestors_of(path):
            below[above] = max(day, below.get(above, day))
    return {
        each.pk: max(filter(None, (_nearest(each.path, days), below.get(each.path))), default=None)
        for each in organizations
    }


def own_and_below(organization) -> tuple[date | None, list[date]]:
    """The first day of the books of one organization, and those set by organizations under it; in one query."""
    days = dict(_around([organization.path]))
    below = [
        day for path, day in days.items() if path != organization.path and paths.is_within(path, organization.path)
    ]
    return _nearest(organization.path, days), below


def in_the_books(on: date, *, path: str = "", field: str = "path") -> Q:
    """The condition that `on` is not before the 建账日 of an organization; `field` leads to its path. Makes one query.

    `path` is a subtree that holds all organizations asked about (empty: anywhere). The condition is of fixed size
    whatever the number of days, and empty when all books are open, as on most days.
    """
    days = Opening.objects.filter(_of(path)) if path else Opening.objects.all()
    late: dict[int, list[str]] = {}
    open_by_then: dict[int, list[str]] = {}
    for place, day in days.order_by().values_list("organization__path", "opened_on"):
        (late if day > on else open_by_then).setdefault(len(place), []).append(place)
    before = Q()
    for width in sorted({*late, *open_by_then}):
        # From the root down, so that the deepest one is asked first: it decides.
        prefix = Substr(field, 1, width)
        if width in open_by_then and before:
            before &= ~Q(In(prefix, sorted(open_by_then[width])))
        if width in late:
            before |= Q(In(prefix, sorted(late[width])))
    return ~before if before else Q()


def _of(path: str) -> Q:
    """Openings that can decide for the subtree of `path`: in it, or above it."""
    return paths.subtree(path, "organization__path") | Q(organization__path__in=paths.ancestors_of(path))


def _above(wanted: Iterable[str]) -> QuerySet:
    """(path, day) of every opening at or above the paths, and perhaps of some beside them."""
    wanted = set(wanted)
    above = {each for path in wanted for each in (*paths.ancestors_of(path), path)}
    if len(above) > MOST_PLACES:
        return _around(wanted)
    return _pairs(Opening.objects.filter(organization__path__in=above))


def _around(wanted: Iterable[str]) -> QuerySet:
    """(path, day) of every opening above or under the paths, and perhaps of some beside them."""
    tops = paths.covering(set(wanted), MOST_PLACES)
    above = {each for top in tops for each in paths.ancestors_of(top)}
    condition = Q(organization__path__in=above)
    for top in tops:
        condition |= paths.subtree(top, "organization__path")
    return _pairs(Opening.objects.filter(condition))


def _pairs(openings: QuerySet) -> QuerySet:
    return openings.order_by().values_list("organization__path", "opened_on")


def _nearest(path: str, days: dict[str, date]) -> date | None:
    while path:
        if path in days:
            return days[path]
        path = paths.parent_of(path)
    return None
