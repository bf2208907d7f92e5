"""联系领导: who is put in charge of an organization's election, and who is no longer."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from elections.models import Leader
from orgs.enums import Action
from orgs.models import Organization
from orgs.scoping import require_right
from orgs.services.dated import succeed
from orgs.services.records import save_changes


@transaction.atomic
def set_leader(
    *, organization: Organization, name: str, post: str, phone: str = "", on: date, by, document_no: str = ""
) -> Leader | None:
    """Put a leader in charge from a day on; an empty name ends it. A new phone of the same leader is written over.

    PermissionDenied without the right to change the organization; ValidationError when nothing changes, or somebody
    is registered from a later day.
    """
    require_right(by, Action.EDIT, organization)
    organization = Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    present = Leader.objects.filter(organization=organization)
    now = present.filter(until__isnull=True).first()
    name, post, phone = name.strip(), post.strip(), phone.strip()
    if not name:
        if now is None:
            raise ValidationError({"name": "没有登记联系领导，请填写姓名。"})
        return succeed(present=present, row=None, on=on, kind="leader", by=by)
    if now is not None and (now.name, now.post) == (name, post):
        if not save_changes(now, changes={"phone": phone}, by=by, kind="leader.update", organization=organization):
            raise ValidationError("填写的内容与现有记录一致，没有需要保存的。")
        return now
    row = Leader(organization=organization, name=name, post=post, phone=phone, document_no=document_no)
    return succeed(present=present, row=row, on=on, kind="leader", by=by)
