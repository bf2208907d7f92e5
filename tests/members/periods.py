"""The affiliations of a person as a test compares them."""

from members.models import Affiliation


def periods(member) -> list[tuple]:
    """(organization, since, until) of the regular affiliations in order."""
    rows = Affiliation.objects.regular().filter(member=member).order_by("id")
    return [(row.organization, row.since, row.until) for row in rows]
