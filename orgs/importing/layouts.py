"""What the columns of a form mean, said by hand once and remembered for the unit that sends such forms."""

from collections.abc import Mapping

from django.db import transaction

from orgs import audit
from orgs.enums import Action
from orgs.models import LayoutMapping, Organization
from orgs.scoping import require_right

LONGEST_TITLE = 120


def remembered(organization: Organization, kind: str, layout: str) -> dict[str, str]:
    """{title key: field, or '' for a column to be left out} of a form that this unit sent before; {} for a new one."""
    known = LayoutMapping.objects.filter(organization=organization, kind=kind, layout=layout)
    return next(iter(known.values_list("mapping", flat=True)), {})


@transaction.atomic
def remember(*, organization: Organization, kind: str, layout: str, mapping: Mapping[str, str], by) -> LayoutMapping:
    """Keep what the columns of a form mean; what was said of the same form before is replaced.

    PermissionDenied without the right to change `organization`. Titles are no personal data and stand in the event.
    """
    require_right(by, Action.EDIT, organization)
    said = {title[:LONGEST_TITLE]: name for title, name in mapping.items()}
    # The unit's row is held, so that two clerks who explain the same form do not meet at the constraint.
    Organization.everything.select_for_update().get(pk=organization.pk)
    before = remembered(organization, kind, layout)
    kept, _ = LayoutMapping.objects.update_or_create(
        organization=organization, kind=kind, layout=layout, defaults={"mapping": said, "by": by}
    )
    if said != before:
        audit.record_event(
            kind="layout.explain",
            target=organization,
            organization=organization,
            by=by,
            changes={"roster": [None, kind], "columns": [before or None, said]},
        )
    return kept
