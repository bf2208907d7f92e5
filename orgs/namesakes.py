"""Organizations under one superior that have the same name on a day."""

from datetime import date

from django.db.models import CharField, Count, F, OuterRef, QuerySet, Subquery, Window
from django.db.models.functions import Coalesce

from orgs.models import Organization, OrganizationChange


def with_namesakes(organizations: QuerySet, on: date) -> QuerySet:
    """Those of the organizations that share superior and name of the day with others of them, with how many `alike`.

    All children of a superior must be among them, or else only those given are compared. Roots are left out: they
    are no business of each other's.
    """
    before = OrganizationChange.objects.filter(organization=OuterRef("pk"), field="name", on__gt=on)
    before = before.order_by("on", "id").values("before")[:1]
    alike = Window(Count("pk"), partition_by=[F("parent"), F("name_on")])
    return (
        organizations.existing(on)
        .filter(parent__isnull=False)
        .order_by()
        .annotate(name_on=Coalesce(Subquery(before), F("name"), output_field=CharField()), alike=alike)
        .filter(alike__gt=1)
    )


def namesakes(organizations, on: date) -> dict[int, int]:
    """{organization id: others under the same superior with its name of the day}, those without left out; one query."""
    superiors = {each.parent_id for each in organizations if each.parent_id is not None}
    rows = with_namesakes(Organization.objects.filter(parent__in=superiors), on)
    return {pk: alike - 1 for pk, alike in rows.values_list("pk", "alike")}
