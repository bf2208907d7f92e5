"""How an organization came out of others, or went into them, for the card 「沿革」."""

from datetime import date

from django.db.models import Q

from elections.models import Succession
from orgs.days import spoken
from orgs.enums import SuccessionKind
from orgs.models import Organization

# {kind: (seen from the one that goes on, seen from the former one)}
WORDS = {
    SuccessionKind.ABSORBED: ("{}并入。", "并入{}。"),
    SuccessionKind.MERGED: ("由{}等合并新设。", "合并新设为{}。"),
    SuccessionKind.SPLIT: ("由{}拆分新设。", "拆分出{}。"),
}
OUTSIDE = "管理范围之外的党组织"


def succession_lines(organization: Organization, *, user, on: date) -> list[dict]:
    """Mergers and splits up to the day, the latest first; others are named only where `user` may see them."""
    rows = list(Succession.objects.filter(Q(organization=organization) | Q(former=organization), on__lte=on))
    others = {row.former_id if row.organization_id == organization.pk else row.organization_id for row in rows}
    names = dict(Organization.objects.visible_to(user).filter(pk__in=others).values_list("pk", "name"))
    lines = []
    for row in sorted(rows, key=lambda each: (each.on, each.pk), reverse=True):
        goes_on = row.organization_id == organization.pk
        name = names.get(row.former_id if goes_on else row.organization_id)
        other = f"“{name}”" if name else OUTSIDE
        words = WORDS[SuccessionKind(row.kind)][0 if goes_on else 1].format(other)
        lines.append({"words": f"{spoken(row.on)}，{words}", "basis": row.document_no})
    return lines
