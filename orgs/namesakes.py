"""Organizations under one superior that have the same name on a day."""

from datetime import date

from django.core.exceptions import ValidationError
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


def namesake(name: str, *, under: Organization | None, but: Organization) -> Organization | None:
    """Another organization than `but` that has this name under a superior and is not closed; None for roots."""
    alike = Organization.objects.filter(parent=under, parent__isnull=False, name=name, closed_on__isnull=True)
    return alike.exclude(pk=but.pk).order_by("path").first()


def refuse_namesake(organization: Organization) -> None:
    """ValidationError when what was just founded, renamed or moved has the name of another one beside it (P-12).

    To be asked when all is done: one that closes on the same day hands its name on.
    """
    other = namesake(organization.name, under=organization.parent, but=organization)
    if other is not None:
        told = f"“{organization.parent.name}”之下已有“{other.name}”（编码{other.code or '未填'}）"
        mend = "请核对是否为同一党组织；不是的，请在名称中写明区别，或者先将原有的更名、撤销。"
        raise ValidationError({"name": f"{told}。{mend}"})


def namesakes(organizations, on: date) -> dict[int, int]:
    """{organization id: others under the same superior with its name of the day}, those without left out; one query."""
    superiors = {each.parent_id for each in organizations if each.parent_id is not None}
    rows = with_namesakes(Organization.objects.filter(parent__in=superiors), on)
    return {pk: alike - 1 for pk, alike in rows.values_list("pk", "alike")}
