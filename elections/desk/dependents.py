"""What was recorded about reorganized organizations after an operation and rests on it."""

from elections.models import Appointment, Election, Extension, Post, Term
from orgs.models import Operation, Organization

RESTING: dict = {
    Term: "organization__in",
    Extension: "term__organization__in",
    Appointment: "organization__in",
    Election: "organization__in",
    Post: "organization__in",
    Organization: "parent__in",
}


def later_rows(operation: Operation) -> list[str]:
    """Terms, cases, posts and children recorded later at the organizations that an operation changed or gave to.

    An undo would leave them with an organization that elected nobody, or could not hold them.
    """
    effects = operation.effects.filter(table__in=["orgs.organization", "elections.succession"])
    uids = [effect.target_uid for effect in effects if effect.table == "orgs.organization"]
    keys = {(effect.after or {}).get("organization_id") for effect in effects} - {None}
    places = list(Organization.everything.filter(uid__in=uids).values_list("pk", flat=True)) + list(keys)
    own = set(operation.effects.values_list("target_uid", flat=True))
    found = []
    for model, lookup in RESTING.items():
        later = model.objects.filter(**{lookup: places}, created_at__gt=operation.created_at)
        for row in later.exclude(uid__in=own).order_by("pk"):
            found.append(f"{model._meta.verbose_name}“{row}”在办理后登记")
    return found
