"""属地: which 党（工）委 may look at the ledger of an organization that stands on its ground."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from orgs import paths
from orgs.enums import Action
from orgs.models import Organization, TerritorialLink
from orgs.scoping import require_right
from orgs.services.dated import succeed


@transaction.atomic
def link_territory(
    *, organization: Organization, street: Organization | None, on: date, by, document_no: str = ""
) -> TerritorialLink | None:
    """Give `street` the read-only sight of an organization and all below it from a day on; None ends it.

    PermissionDenied without the right to approve at the organization: it is its superior who opens its books.
    ValidationError when the street is above or below it, and so sees it or is seen already.
    """
    require_right(by, Action.APPROVE, organization)
    organization = Organization.objects.select_for_update().get(pk=organization.pk)
    row = None
    if street is not None:
        if paths.is_within(organization.path, street.path) or paths.is_within(street.path, organization.path):
            raise ValidationError({"other": f"“{organization.name}”与“{street.name}”有隶属关系，不必登记属地。"})
        if street.closed_on is not None:
            raise ValidationError({"other": f"“{street.name}”已撤销。"})
        row = TerritorialLink(organization=organization, street=street, document_no=document_no)
    present = TerritorialLink.objects.filter(organization=organization)
    return succeed(present=present, row=row, on=on, kind="territory", by=by)
