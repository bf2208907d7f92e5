"""What an organization was on a past day: its name, kind, form and unit type of then, and when it was converted."""

from datetime import date

from orgs.models import Organization, OrganizationChange

FIELDS = ("name", "kind", "form", "unit_type")


def values_on(organizations, on) -> dict[int, dict[str, str]]:
    """{organization id: {field: value on the day `on`}} for `FIELDS`, in one query.

    A value of then is what stood before the first change after that day; without
    one it is today's.
    """
    values = {each.pk: {field: getattr(each, field) for field in FIELDS} for each in organizations}
    later = OrganizationChange.objects.filter(organization__in=values, field__in=FIELDS, on__gt=on)
    # Latest first, so that the earliest change after the day is written last and stays.
    for pk, field, before in later.order_by("-on", "-id").values_list("organization_id", "field", "before"):
        values[pk][field] = before
    return values


def conversions(ids) -> dict[int, tuple[date, ...]]:
    """{organization id: the days of its conversions (升格, 改建), the earliest first}; those without any left out."""
    days: dict[int, set[date]] = {}
    ids = list(ids)
    latest = Organization.everything.filter(pk__in=ids, converted_on__isnull=False).values_list("pk", "converted_on")
    earlier = OrganizationChange.objects.filter(organization__in=ids, field="converted_on")
    for key, day in [*latest, *earlier.order_by().values_list("organization_id", "on")]:
        days.setdefault(key, set()).add(day)
    return {key: tuple(sorted(found)) for key, found in days.items()}
