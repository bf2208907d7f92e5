"""Rows of an organization ledger that close (撤销) an organization: what forbids it, and what ends with it.

The same as elections.services.closing does for one organization: people first, then posts, guests, open elections and
what it asked for; rights over it are left as they are.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date

from django.utils import timezone

from elections.imports.nodes import Node
from elections.models import Election, MoveRequest, Post, Term
from elections.services.closing import DISSOLVED
from members.models import Affiliation, IntakeOutcome, IntakeRequest
from orgs.days import spoken
from orgs.enums import AffiliationKind, ElectionStage
from orgs.importing.batching import in_chunks
from orgs.importing.codes import Code
from orgs.importing.directory import Directory


def check(nodes: Iterable[Node], by_place: dict[int, Node], directory: Directory) -> None:
    """Refuse to close what has something under it that goes on, people on its roll, or a record from that day on."""
    days = {node.place.pk: node.row.get("closed").day for node in nodes if _closes(node)}
    left, later = _people_left(days), _recorded_later(days)
    for node in nodes:
        if _closes(node) and (why := _refusal(node, by_place, directory, left, later)):
            node.row.report(Code.ORG_PARENT_BAD, "closed", message=f"「{node.name}」{why}")


def _refusal(node: Node, by_place: dict[int, Node], directory: Directory, left: Counter, later: dict) -> str:
    if child := _child_left(node, by_place, directory):
        return f"还有下级党组织「{child}」，请先撤销或划转下级。"
    if number := left[node.place.pk]:
        return f"还有 {number} 名党员的组织关系，请先办理转出或划转，再撤销。"
    elected, closed = node.row.get("elected"), node.row.get("closed").day
    found = later.get(node.place.pk, [])
    if elected and elected.last_day >= closed:
        found = [f"{spoken(elected.last_day)}换届选举", *found]
    return f"登记有{'、'.join(found)}，不早于{spoken(closed)}，请核对撤销日期或先更正这些记录。" if found else ""


def _closes(node: Node) -> bool:
    return bool(node.row.get("closed") and node.place is not None and not node.place.closed_on)


def _child_left(node: Node, by_place: dict[int, Node], directory: Directory) -> str:
    """The name of a child that neither closes nor moves with the same file; empty without one."""
    for child in directory.children_of(node.place):
        other = by_place.get(child.pk)
        if other is None or not (other.row.get("closed") or other.moves):
            return child.name
    return ""


def _people_left(days: dict[int, date]) -> Counter[int]:
    """{organization: regular affiliations that hold on its closing day or begin later}."""
    left: Counter[int] = Counter()
    for part in in_chunks(set(days)):
        rows = Affiliation.objects.regular().filter(organization__in=part).order_by()
        for organization, until in rows.values_list("organization_id", "until"):
            left[organization] += until is None or until > days[organization]
    return left


def _recorded_later(days: dict[int, date]) -> dict[int, list[str]]:
    """{organization: what the books know of it on its closing day or later}, in words."""
    found: dict[int, list[str]] = defaultdict(list)
    for part in in_chunks(set(days)):
        first = min(days[key] for key in part)
        records = (
            (Term.objects, "elected_on", "换届选举"),
            (Election.objects, "opened_on", "启动选举"),
            (Post.objects, "since", "班子成员任职"),
            (Affiliation.objects.exclude(kind=AffiliationKind.REGULAR), "since", "流入党员"),
        )
        for recorded, column, words in records:
            rows = recorded.filter(**{"organization__in": part, f"{column}__gte": first}).order_by(column)
            for organization, day in rows.values_list("organization_id", column):
                if day >= days[organization]:
                    found[organization].append(f"{spoken(day)}{words}")
    return found


def write(nodes: Iterable[Node], writer) -> None:
    """End the posts, guests and elections of what the nodes close, on that day; terms stay on the books.

    What was asked for or by them is answered now.
    """
    days = {node.organization.pk: node.values["closed_on"] for node in nodes if node.values.get("closed_on")}
    posts, guests, elections, moves, intakes = [], [], [], [], []
    decided = {"answer": DISSOLVED, "decided_by_id": writer.batch.confirmed_by_id, "decided_at": timezone.now()}
    for part in in_chunks(set(days)):
        for post in Post.objects.select_for_update().filter(organization__in=part).order_by("pk"):
            if _ends(post, day := days[post.organization_id]):
                posts.append((post, {"until": day}))
        for guest in Affiliation.objects.select_for_update().filter(organization__in=part).order_by("pk"):
            day = days[guest.organization_id]
            if guest.kind != AffiliationKind.REGULAR and _ends(guest, day):
                guests.append((guest, {"until": day, "reason": DISSOLVED}))
        for election in Election.objects.select_for_update().filter(organization__in=part).order_by("pk"):
            day = days[election.organization_id]
            if election.opened_on < day and (election.closed_on is None or election.closed_on > day):
                elections.append((election, {"closed_on": day, "stage": ElectionStage.DISSOLVED.value}))
        for move in MoveRequest.objects.open().select_for_update().filter(organization__in=part).order_by("pk"):
            moves.append((move, {"is_granted": False, **decided}))
        for intake in IntakeRequest.objects.open().select_for_update().filter(to__in=part).order_by("pk"):
            intakes.append((intake, {"outcome": IntakeOutcome.WITHDRAWN.value, **decided}))
    writer.update(Post, posts)
    writer.update(Affiliation, guests)
    writer.update(Election, elections)
    writer.update(MoveRequest, moves)
    writer.update(IntakeRequest, intakes)


def _ends(record: Post | Affiliation, day: date) -> bool:
    """Whether something that began before the day still holds on it."""
    return (record.since is None or record.since < day) and (record.until is None or record.until > day)
