"""联系领导, 审批权限, 双重管理, 属地: what holds for a time, and for whom."""

from collections.abc import Iterator

from django.db.models import F, Q

from elections.models import AssignedApprover
from elections.services.closing import ENDING
from orgs import paths
from orgs.checks.contradiction import Contradiction, named, of_uid
from orgs.models import TerritorialLink

PLACE = ("organization__name", "organization__code", "organization__uid")


def arrangements_end_with_the_organization() -> Iterator[Contradiction]:
    """What is arranged for an organization ends with it at the latest."""
    late = Q(until__isnull=True) | Q(until__gt=F("organization__closed_on"))
    for model in ENDING:
        rows = model.objects.filter(late, organization__closed_on__isnull=False).order_by("id")
        for uid, *place, day in rows.values_list("uid", *PLACE, "organization__closed_on").iterator():
            yield Contradiction(
                model._meta.verbose_name, of_uid(uid), f"{named(*place)}已于{day}撤销，它没有同时终止", "以撤销日期终止"
            )


def those_in_charge_exist() -> Iterator[Contradiction]:
    """Who approves by document, and who looks on as 属地, was not closed."""
    for model, name in ((AssignedApprover, "approver"), (TerritorialLink, "street")):
        rows = model.objects.filter(until__isnull=True, **{f"{name}__closed_on__isnull": False}).order_by("id")
        for uid, *place, other, day in rows.values_list(
            "uid", *PLACE, f"{name}__name", f"{name}__closed_on"
        ).iterator():
            title = model._meta.get_field(name).verbose_name
            yield Contradiction(
                model._meta.verbose_name, of_uid(uid), f"{named(*place)}的{title}“{other}”已于{day}撤销", "变更或者终止"
            )


def approvers_stand_outside() -> Iterator[Contradiction]:
    """Nobody is approved for by what stands under them."""
    rows = AssignedApprover.objects.filter(until__isnull=True).order_by("id")
    columns = ("uid", *PLACE, "organization__path", "approver__name", "approver__path")
    for uid, *place, path, other, below in rows.values_list(*columns).iterator():
        if paths.is_within(below, path):
            yield Contradiction(
                "指定审批机关", of_uid(uid), f"{named(*place)}的审批机关“{other}”是它的下级", "变更或者终止"
            )
