"""The rows of an organization ledger as nodes of a tree: which organization each is, and under which it stands."""

from dataclasses import dataclass, field

from orgs import paths
from orgs.importing.codes import Code
from orgs.importing.directory import Directory, Place, name_key
from orgs.importing.rows import RosterRow, Scope
from orgs.models import Organization


@dataclass(slots=True, eq=False)
class Node:
    """One row: the organization that it means (`place`, None for a new one) and what it will be.

    `parent` is the node or place that it will stand under: for an organization on the books None means "as it is".
    """

    row: RosterRow
    place: Place | None = None
    parent: "Node | Place | None" = None
    kind: str = ""
    form: str = ""
    unit_type: str = ""
    # {column of Organization: new value}
    values: dict[str, object] = field(default_factory=dict)
    term: object = None
    declared: tuple[int, int] | None = None
    secretary: str = ""
    # The row of the table, while writing.
    organization: Organization | None = None

    @property
    def name(self) -> str:
        return self.row.get("org_name") or (self.place.name if self.place else "")

    @property
    def code(self) -> str:
        return self.row.get("org_code", "")

    @property
    def moves(self) -> bool:
        """Whether an organization on the books gets another parent."""
        return self.place is not None and self.parent is not None and pk_of(self.parent) != self.place.parent_id


def pk_of(parent: "Node | Place | None") -> int | None:
    """The key of a parent on the books; None for a new one."""
    place = parent.place if isinstance(parent, Node) else parent
    return place.pk if place else None


def _states_parent(row: RosterRow) -> bool:
    return bool(row.get("parent_code") or row.get("parent_name"))


class Nodes:
    """All rows of a ledger, found by code and by name."""

    def __init__(self, rows: list[RosterRow], directory: Directory, scope: Scope):
        self.directory, self.scope = directory, scope
        self.all = [Node(row) for row in rows]
        self.by_code: dict[str, Node] = {}
        self.by_name: dict[str, list[Node]] = {}
        self.by_place: dict[int, Node] = {}
        self._index()
        self._identify()
        for node in self.all:
            self._find_parent(node)
        self._find_roots()
        self._find_cycles()
        self._find_equal_siblings()
        self._find_too_deep()

    def _index(self) -> None:
        self.with_codes = any(node.code for node in self.all)
        for node in self.all:
            row = node.row
            if not row.get("org_name") and not row.shown("org_name") and not node.code:
                row.report(Code.ORG_EMPTY, "org_name")
            elif self._lacks_code(node) and not any(not each.code for each in self.directory.named(node.name)[0]):
                row.report(Code.ORG_CODE_EMPTY, "org_code")
            if node.code:
                first = self.by_code.setdefault(node.code, node)
                if first is not node:
                    row.report(Code.ORG_CODE_DUP, "org_code", value=node.code, other_row=first.row.number)
            if node.name:
                self.by_name.setdefault(name_key(node.name), []).append(node)

    def _identify(self) -> None:
        unknown = {node.code for node in self.all if node.code and not self.directory.with_code(node.code)}
        taken = set(Organization.objects.filter(code__in=unknown).values_list("code", flat=True))
        for node in self.all:
            if not node.row.is_good:
                continue
            node.place = self.directory.with_code(node.code) if node.code else None
            if node.code in taken:
                self._refuse_code(node)
            elif node.place is None and node.code and (similar := self.directory.with_number(node.code)):
                message = (
                    f"党组织编码「{node.code}」与在册的「{similar.code}」（{similar.name}）只差开头的0，"
                    "可能被表格软件去掉了。请将该列设为「文本」格式后补上，确实不同的请核对编码。"
                )
                node.row.report(Code.ORG_CODE_DUP, "org_code", value=node.code, message=message)
            elif node.place is None and node.name:
                self._identify_by_name(node)
            if self._lacks_code(node) and (node.place is None or node.place.code):
                node.row.report(Code.ORG_CODE_EMPTY, "org_code")
            if node.place is None and not node.name:
                node.row.report(Code.ORG_EMPTY, "org_name")
            if node.place is not None and (first := self.by_place.setdefault(node.place.pk, node)) is not node:
                node.row.report(Code.ORG_NAME_DUP, "org_name", value=node.name, other=f"第{first.row.number}行")

    def _refuse_code(self, node: Node) -> None:
        """A code of an organization that the roster may not write to; who may not see it is not told whose it is."""
        if self.directory.is_visible_elsewhere(node.code):
            node.row.report(Code.ORG_OUT_OF_SCOPE, "org_code", value=node.code)
        else:
            node.row.report(Code.ORG_CODE_DUP, "org_code", message=f"党组织编码「{node.code}」已被使用，请核对。")

    def _lacks_code(self, node: Node) -> bool:
        """In a table with codes only organizations that are on the books without one may go without."""
        return self.with_codes and not node.code and not node.row.shown("org_code")

    def _identify_by_name(self, node: Node) -> None:
        """By name an organization is found only where its parent agrees: 「第一党支部」 stands in many places."""
        places, fuzzy = self.directory.named(node.name)
        fitting = [place for place in places if not (node.code and place.code) and self._agrees(node.row, place)]
        if len(fitting) > 1:
            listed = self.directory.listed(tuple(fitting))
            node.row.report(Code.ORG_AMBIGUOUS, "org_name", value=node.name, candidates=listed)
        elif fitting:
            node.place = fitting[0]
            if fuzzy:
                node.row.report(Code.ORG_FUZZY, "org_name", value=node.name, matched=fitting[0].name)

    def _agrees(self, row: RosterRow, place: Place) -> bool:
        """Whether what the row says about the parent fits the present parent of a place."""
        code, name = row.get("parent_code", ""), row.get("parent_name", "")
        parent = self.directory.places.get(place.parent_id)
        if place.pk == self.scope.organization.pk or not (code or name):
            return True
        if parent is None:
            return False
        if code and parent.code:
            return code == parent.code
        return any(parent is each for each in self.directory.named(name)[0])

    def _find_parent(self, node: Node) -> None:
        row, code, name = node.row, node.row.get("parent_code", ""), node.row.get("parent_name", "")
        if not (code or name) or (node.place and node.place.pk == self.scope.organization.pk):
            return
        cell, value = ("parent_name", name) if name else ("parent_code", code)
        if (code and code == node.code) or (not code and name_key(name) == name_key(node.name)):
            row.report(Code.ORG_SELF_PARENT, cell)
            return
        found = self._candidates(code, name)
        found = [each for each in found if not (isinstance(each, Place) and each.closed_on)] or found
        if len(found) > 1:
            row.report(Code.ORG_AMBIGUOUS, cell, value=value, candidates=self._listed(found))
        elif not found and self.directory.is_visible_elsewhere(code, name):
            row.report(Code.ORG_OUT_OF_SCOPE, cell, value=value)
        elif not found:
            row.report(Code.ORG_PARENT_MISSING, cell, value=value)
        elif isinstance(found[0], Place) and found[0].closed_on:
            row.report(Code.ORG_PARENT_BAD, cell, message=f"上级党组织「{found[0].name}」已撤销，请改填现在的上级。")
        else:
            node.parent = found[0]

    def _candidates(self, code: str, name: str) -> list["Node | Place"]:
        """The parents that a code, else a name, can mean: rows of the file and organizations on the books."""
        if code and (found := self.by_code.get(code)):
            return [found]
        if code and (place := self.directory.with_code(code) or self.directory.with_number(code)):
            return [self.by_place.get(place.pk, place)]
        if not name:
            return []
        nodes = self.by_name.get(name_key(name), [])
        places, fuzzy = self.directory.named(name)
        known = {node.place.pk for node in nodes if node.place}
        if nodes and fuzzy:
            places = []
        return [*nodes, *(self.by_place.get(place.pk, place) for place in places if place.pk not in known)]

    def _listed(self, found: list["Node | Place"]) -> str:
        nodes = [f"第{each.row.number}行{each.name}" for each in found if isinstance(each, Node)]
        places = self.directory.listed(tuple(each for each in found if isinstance(each, Place)))
        return "、".join(filter(None, [*nodes, places]))

    def _find_roots(self) -> None:
        """One new organization may come without a parent: it is set under the one the roster is for.

        None when one that stands there already comes without, too: a file that was refused for two is so the next time.
        """
        first = None
        for node in self.all:
            row = node.row
            if node.parent or not row.is_good:
                continue
            if node.place:
                if first is None and node.place.parent_id == self.scope.organization.pk and not _states_parent(row):
                    first = node
                continue
            if first is None:
                first = node
                top = self.directory.places.get(self.scope.organization.pk)
                node.parent = self.by_place.get(top.pk, top) if top else None
                if top is None:
                    row.report(Code.ORG_PARENT_MISSING, "parent_name")
            else:
                row.report(Code.ORG_MULTI_ROOT, "parent_name", other_row=first.row.number)

    def _find_cycles(self) -> None:
        """Whoever is above itself: through rows of the file and, where they say nothing, through the books."""
        clear: set[int] = set()
        for node in self.all:
            chain: list[Node | Place] = []
            each: Node | Place | None = node
            while each is not None and id(each) not in clear and each not in chain:
                chain.append(each)
                each = self._above(each)
            if each is not None and each in chain:
                circle = chain[chain.index(each) :]
                words = " → ".join(part.name for part in [*circle, circle[0]])
                for part in circle:
                    if isinstance(part, Node):
                        part.row.report(Code.ORG_CYCLE, "parent_name", chain=words)
                        part.parent = None
            clear.update(map(id, chain))

    def _above(self, each: "Node | Place") -> "Node | Place | None":
        if isinstance(each, Node) and (each.parent is not None or each.place is None):
            return each.parent
        place = each.place if isinstance(each, Node) else each
        above = self.directory.places.get(place.parent_id)
        return self.by_place.get(above.pk, above) if above else None

    def _find_equal_siblings(self) -> None:
        """A new organization may not have the name of another one under the same parent."""
        names: dict[tuple, Node] = {}
        for node in self.all:
            if node.place or not node.row.is_good or node.parent is None:
                continue
            key = pk_of(node.parent) or id(node.parent), name_key(node.name)
            first = names.setdefault(key, node)
            if first is not node:
                node.row.report(Code.ORG_NAME_DUP, "org_name", value=node.name, other=f"第{first.row.number}行")
                continue
            parent = node.parent.place if isinstance(node.parent, Node) else node.parent
            for sibling in self.directory.children_of(parent) if parent else ():
                if name_key(sibling.name) == key[1]:
                    other = f"在册的「{sibling.name}」（编码{sibling.code or '未填'}）"
                    node.row.report(Code.ORG_NAME_DUP, "org_name", value=node.name, other=other)

    def _find_too_deep(self) -> None:
        """The tree has a limited number of levels."""
        levels: dict[int, int] = {}
        for node in self.by_depth():
            if isinstance(node.parent, Node):
                level = levels[id(node.parent)] + 1
            elif node.parent is not None:
                level = paths.level_of(node.parent.path) + 1
            else:
                level = paths.level_of(node.place.path) if node.place else 1
            levels[id(node)] = level
            if level > paths.MAX_LEVELS:
                message = f"党组织的层级超过 {paths.MAX_LEVELS} 级，请核对上级党组织。"
                node.row.report(Code.ORG_PARENT_BAD, "parent_name", message=message)

    def by_depth(self) -> list[Node]:
        """Parents before children; of rows on a circle each stands somewhere."""
        depth: dict[int, int] = {}

        def depth_of(node: Node) -> int:
            chain = []
            each = node
            while isinstance(each, Node) and id(each) not in depth and each not in chain:
                chain.append(each)
                each = each.parent
            below = depth.get(id(each), 0) if isinstance(each, Node) else 0
            for number, part in enumerate(reversed(chain), start=1):
                depth[id(part)] = below + number
            return depth[id(node)]

        return sorted(self.all, key=depth_of)
