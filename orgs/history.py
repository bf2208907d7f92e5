"""What an organization was on a past day: its name, kind, form and unit type of then."""

from orgs.models import OrganizationChange

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
