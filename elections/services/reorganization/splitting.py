"""拆分: new branches out of one, with the people that are assigned to each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from elections.services.closing import close_organization
from elections.services.reorganization.merging import record_succession
from elections.services.reorganization.people import confirm_rosters, move_people
from members.models import Member
from orgs import tree
from orgs.enums import Action, Kind, SuccessionKind
from orgs.models import Organization
from orgs.namesakes import refuse_namesake
from orgs.scoping import require_right


@dataclass(frozen=True)
class NewBranch:
    """A branch to be founded and who goes there."""

    name: str
    members: tuple[Member, ...] = ()
    code: str = ""


@transaction.atomic
def split(
    *,
    organization: Organization,
    branches: Sequence[NewBranch],
    on: date,
    by,
    closes: bool = False,
    document_no: str = "",
) -> list[Organization]:
    """Found `branches` out of a branch and return them; they wait for their first election.

    Whoever is assigned to none stays; `closes` ends the old branch, which then must have nobody left. It otherwise
    keeps its term.
    """
    require_right(by, Action.EDIT, organization)
    if organization.kind != Kind.BRANCH:
        raise ValidationError("只有党支部可以拆分；党总支、党委请新建下级党组织后划转。")
    founded = found_branches(
        organization, parent=organization.parent, branches=branches, on=on, by=by, document_no=document_no
    )
    if closes:
        close_organization(organization=organization, on=on, basis=f"{document_no} 拆分".strip(), by=by)
    for new in founded:
        refuse_namesake(new)
    return founded


def found_branches(
    organization: Organization, *, parent: Organization, branches: Sequence[NewBranch], on: date, by, document_no: str
) -> list[Organization]:
    """Branches under `parent` with the people of `organization` that each is given, inside the caller's transaction."""
    if not branches:
        raise ValidationError("请填写至少一个新设党支部的名称。")
    if len({each.name for each in branches}) < len(branches):
        raise ValidationError("新设党支部的名称不能相同。")
    founded = []
    for each in branches:
        new = tree.create(
            by=by,
            parent=parent,
            name=each.name,
            kind=Kind.BRANCH,
            unit_type=organization.unit_type,
            founded_on=on,
            code=each.code,
            remark=f"{document_no} 由“{organization.name}”拆分".strip(),
        )
        reason = f"“{organization.name}”拆分为“{each.name}”"
        if each.members:
            move_people(organization=organization, to=new, on=on, by=by, reason=reason, members=each.members)
        record_succession(
            organization=new,
            former=organization,
            kind=SuccessionKind.SPLIT,
            on=on,
            document_no=document_no,
            by=by,
        )
        founded.append(new)
    confirm_rosters(of=[organization], new=founded, on=on, by=by)
    return founded
