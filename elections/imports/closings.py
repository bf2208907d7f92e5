"""Rows of an organization ledger that close (撤销) an organization: what forbids it, and what ends with it.

The same as elections.services.closing does for one organization: people first, then posts and open elections.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from elections.imports.nodes import Node
from elections.models import Election, Post
from members.models import Affiliation
from orgs.enums import ElectionStage
from orgs.importing.batching import in_chunks
from orgs.importing.codes import Code
from orgs.importing.directory import Directory


def check(nodes: Iterable[Node], by_place: dict[int, Node], directory: Directory) -> None:
    """Refuse to close what still has something under it that goes on, or people on its roll on that day."""
    days = {node.place.pk: node.row.get("closed").day for node in nodes if _closes(node)}
    left = _people_left(days)
    for node in nodes:
        if node.place is None or node.place.pk not in days or not _closes(node):
            continue
        if child := _child_left(node, by_place, directory):
            message = f"「{node.name}」还有下级党组织「{child}」，请先撤销或划转下级。"
            node.row.report(Code.ORG_PARENT_BAD, "closed", message=message)
        elif number := left[node.place.pk]:
            message = f"「{node.name}」还有 {number} 名党员的组织关系，请先办理转出或划转，再撤销。"
            node.row.report(Code.ORG_PARENT_BAD, "closed", message=message)


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


def write(nodes: Iterable[Node], writer) -> None:
    """End the posts and close the elections of what the nodes close, on that day; terms stay on the books."""
    days = {node.organization.pk: node.values["closed_on"] for node in nodes if node.values.get("closed_on")}
    posts: list[tuple] = []
    elections: list[tuple] = []
    for part in in_chunks(set(days)):
        found = Post.objects.select_for_update().filter(organization__in=part).order_by("pk")
        for post in found.filter(Q(until__isnull=True) | Q(until__gt=min(days[key] for key in part))):
            day = days[post.organization_id]
            if (post.until is None or post.until > day) and (post.since is None or post.since < day):
                posts.append((post, {"until": day}))
        open_ones = Election.objects.select_for_update().filter(organization__in=part, closed_on__isnull=True)
        for election in open_ones.order_by("pk"):
            day = days[election.organization_id]
            if election.opened_on < day:
                elections.append((election, {"closed_on": day, "stage": ElectionStage.CLOSED.value}))
    writer.update(Post, posts)
    writer.update(Election, elections)
