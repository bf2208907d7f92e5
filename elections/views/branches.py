"""The tree at the side: what of it is open, and how many organizations are overdue under each branch."""

from dataclasses import dataclass, field

from django.db.models import Case, CharField, Exists, OuterRef, Q, When
from django.db.models.functions import Substr

from elections.groups import grouped
from elections.states_sql import overdue
from elections.views.addresses import address
from orgs import paths
from orgs.enums import Action
from orgs.models import Organization


@dataclass
class Branch:
    """One line of the tree."""

    name: str
    url: str
    level: int
    has_children: bool
    is_open: bool
    is_current: bool
    overdue: int
    fetch_url: str
    children: list["Branch"] = field(default_factory=list)


def branches(frame) -> list[Branch]:
    """The outermost organizations of the user's part, opened down to the node of `frame`.

    One query for the lines and one for their numbers, whatever the number of levels that are open.
    """
    own, granted = frame.user.paths_allowing(Action.READ), frame.user.own_paths()
    opened = [
        path
        for path in [*paths.ancestors_of(frame.node.path), frame.node.path]
        if any(paths.is_within(path, top) for top in own)
    ]
    by_parent: dict[str, list[Organization]] = {}
    open_nodes = Organization.objects.filter(path__in=opened).values("pk")
    for organization in _listed(frame).filter(Q(path__in=own) | Q(parent__in=open_nodes)):
        place = "" if organization.path in own else paths.parent_of(organization.path)
        by_parent.setdefault(place, []).append(organization)
    parents = [
        each
        for organizations in by_parent.values()
        for each in organizations
        if each.path in opened and each.has_children
    ]
    overdue = _overdue(frame, sorted(parents, key=lambda each: each.path))
    # What is only looked at as 属地 stands below one's own part, and says so.
    looked_at = {each.path for each in by_parent.get("", ()) if each.path not in granted}
    by_parent.get("", []).sort(key=lambda each: each.path in looked_at)
    lines = _grown(frame, by_parent, overdue, opened, parent="", level=1)
    for line, organization in zip(lines, by_parent.get("", ()), strict=True):
        if organization.path in looked_at:
            line.name += "（属地）"
    return lines


def branches_under(frame, parent: Organization, level: int) -> list[Branch]:
    """The lines that appear when `parent` is opened, all closed; `level` is theirs."""
    below = list(_listed(frame).filter(parent=parent))
    return _grown(frame, {parent.path: below}, _overdue(frame, [parent]), (), parent=parent.path, level=level)


def _listed(frame):
    below = Organization.objects.existing(frame.on).filter(parent=OuterRef("pk"))
    visible = Organization.objects.visible_to(frame.user).existing(frame.on)
    return visible.annotate(has_children=Exists(below)).order_by("sort_key", "id")


def _overdue(frame, parents: list[Organization]) -> dict[str, int]:
    """How many organizations are overdue under each child of the `parents`, by the child's path.

    Each of `parents` stands under the one before it; the query says of each overdue organization only under which
    child of the innermost of them it is, so that what is closed is one group.
    """
    if not parents:
        return {}
    inmost_first = [
        When(paths.subtree(each.path), then=Substr("path", 1, len(each.path) + paths.WIDTH))
        for each in reversed(parents)
    ]
    below = Organization.objects.visible_to(frame.user).under(parents[0]).existing(frame.on)
    late = overdue(below, on=frame.on)
    found: dict[str, int] = {}
    for group in grouped(late.values(place=Case(*inmost_first, output_field=CharField()))):
        for parent in parents:
            child = group["place"][: len(parent.path) + paths.WIDTH]
            if paths.is_within(child, parent.path) and child != parent.path:
                found[child] = found.get(child, 0) + group["number"]
    return found


def _grown(frame, by_parent, overdue, opened, *, parent: str, level: int) -> list[Branch]:
    return [
        Branch(
            name=each.name,
            url=frame.screen_of(each),
            level=level,
            has_children=each.has_children,
            is_open=each.path in opened,
            is_current=each.pk == frame.node.pk,
            overdue=overdue.get(each.path, 0),
            fetch_url=address("tree", parent=each.uid, screen=frame.screen, on=frame.on_or_none, level=level + 1),
            children=_grown(frame, by_parent, overdue, opened, parent=each.path, level=level + 1),
        )
        for each in by_parent.get(parent, ())
    ]
