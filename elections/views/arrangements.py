"""审批机关, 审批权限, 属地, 联系领导 as an organization's page says them; and those that only look on at a place."""

from elections.models import ApprovalRight, AssignedApprover, Leader
from elections.rules.approver import Approver, Superior, approver, has_right
from elections.states_sql import with_state
from elections.views.frame import Frame
from orgs import paths
from orgs.days import spoken
from orgs.enums import Kind, State, UnitType
from orgs.models import Organization, TerritorialLink


class Arrangements:
    """What holds on the frame's day for its node, as far as the user may see it; four queries."""

    def __init__(self, frame: Frame):
        self.frame, self.node = frame, frame.node
        around = [frame.node, *reversed(frame.ancestors)]
        keys = [each.pk for each in around]
        holding = {"organization__in": keys}
        self.rights = {each.organization_id: each for each in ApprovalRight.objects.holding(frame.on).filter(**holding)}
        assigned = AssignedApprover.objects.holding(frame.on).filter(**holding).select_related("approver")
        self.assigned = {each.organization_id: each for each in assigned}
        self.superiors = [self._superior(each) for each in around]
        links = TerritorialLink.objects.holding(frame.on).filter(organization=frame.node)
        self.link = links.select_related("street").first()
        places = {each.approver_id for each in self.assigned.values()} | ({self.link.street_id} if self.link else set())
        seen = Organization.objects.visible_to(frame.user).filter(pk__in=places) if places else ()
        self.seen = {each.pk for each in seen}

    def _superior(self, each: Organization) -> Superior:
        right, assigned = self.rights.get(each.pk), self.assigned.get(each.pk)
        return Superior(
            each,
            Kind(each.kind),
            UnitType(each.unit_type) if each.unit_type else None,
            arranged=right and right.has_right,
            assigned=assigned and assigned.approver,
        )

    def approver(self) -> Approver | None:
        """Who approves for the node; None when it is nobody whom the user may know."""
        own, *above = self.superiors
        found = approver(above, own.assigned)
        if found is None:
            return None
        is_assigned = any(found.key == each.approver for each in self.assigned.values())
        return None if is_assigned and found.key.pk not in self.seen else found

    def facts(self) -> list[tuple[str, str]]:
        """The lines for 基本情况: 审批权限 of what may have one, and the 属地 where there is one to be seen."""
        found = []
        if self.node.kind != Kind.BRANCH:
            own, *above = self.superiors
            words = "有" if has_right(own, above[0] if above else None) else "无"
            right = self.rights.get(self.node.pk)
            found.append(("审批权限", words + (f"（{_since(right)}另行规定）" if right else "")))
        if self.link and self.link.street_id in self.seen:
            found.append(("属地党（工）委", f"{self.link.street.name}（{_since(self.link)}）"))
        return found


def leader_facts(frame: Frame) -> list[tuple[str, str]]:
    """The line 联系领导, for those who see people there."""
    leader = Leader.objects.visible_to(frame.user).holding(frame.on).filter(organization=frame.node).first()
    if leader is None:
        return []
    phone = f"，{leader.phone}" if leader.phone else ""
    return [("联系领导", f"{leader.name}（{leader.post}{phone}）")]


def _since(row) -> str:
    return f"自{spoken(row.since)}起" + (f"，{row.document_no}" if row.document_no else "")


def looked_at(frame: Frame, law) -> list[dict]:
    """The organizations at which the frame's node only looks on as 属地, each with its state and all below it.

    They are in no count of the node; one below another is told with it.
    """
    links = TerritorialLink.objects.holding(frame.on).apart_from(frame.node).values("organization__path")
    seen = Organization.objects.visible_to(frame.user).existing(frame.on)
    tops = paths.outermost(each["organization__path"] for each in links)
    if not tops:
        return []
    below = list(seen.filter(paths.subtrees(tops)).order_by().values_list("path", flat=True))
    found = with_state(seen.filter(path__in=tops), on=frame.on, law=law, fields=["state"])
    return [
        {
            "name": each.name,
            "kind": Kind(each.kind).label,
            "url": frame.page_of(each),
            "state": State(each.state),
            "total": sum(paths.is_within(path, each.path) for path in below),
            "total_url": frame.ledger_of(each),
        }
        for each in found.order_by("sort_key", "id")
    ]
