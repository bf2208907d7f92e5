"""Writing the good rows of an organization ledger in bulk, inside the transaction that holds the organizations."""

from collections import defaultdict
from datetime import date

from elections.imports import closings
from elections.imports.books import Books
from elections.imports.nodes import Node, pk_of
from elections.models import Extension, Post, Term
from elections.services import terms as term_service
from members.models import DeclaredCount
from orgs import history, paths, sortkey, tree
from orgs.effects.columns import stored_values
from orgs.enums import Seat, Title
from orgs.importing.batching import in_chunks
from orgs.importing.effects import Writer
from orgs.importing.rows import Scope
from orgs.models import Organization, OrganizationChange

BASIS = "党组织台账导入"
# Whose past values are read back from OrganizationChange; a first value fills a gap and is no change.
DATED = ("name", "kind", "form", "unit_type")
DERIVED_ON_TERM = term_service.DERIVED_ON_TERM
DERIVED_ON_EXTENSION = term_service.DERIVED_ON_EXTENSION

refresh = term_service.refresh


def write(nodes: list[Node], books: Books, scope: Scope, writer: Writer) -> None:
    """Write what the nodes (good rows, parents first) add and change."""
    loaded = dict(books.organizations)
    parents = {pk_of(node.parent) for node in nodes} - {None}
    for part in in_chunks(parents - loaded.keys()):
        loaded.update(Organization.objects.in_bulk(part))
    for node in nodes:
        if node.place is not None:
            node.organization = loaded[node.place.pk]
    _add(nodes, loaded, writer)
    _change([node for node in nodes if node.place is not None and node.values], scope, writer)
    for node in nodes:
        if node.moves:
            _move(node, loaded, scope, writer)
    _write_terms([node for node in nodes if node.term is not None], writer)
    _write_declared([node for node in nodes if node.declared is not None], books, scope, writer)
    _write_secretaries([node for node in nodes if node.secretary], books, scope, writer)
    closings.write([node for node in nodes if node.place is not None], writer)


def _above(node: Node, loaded: dict[int, Organization]) -> Organization | None:
    """The row of a node's parent; None while that is new and not yet written."""
    key = pk_of(node.parent)
    return loaded[key] if key is not None else node.parent.organization


def _add(nodes: list[Node], loaded: dict[int, Organization], writer: Writer) -> None:
    """New organizations, level by level, so that a parent has its key and path before its children are made."""
    waiting = [node for node in nodes if node.place is None]
    while waiting:
        later: list[Node] = []
        families: dict[int, list[Node]] = defaultdict(list)
        for node in waiting:
            above = _above(node, loaded)
            if above is None or above.pk is None:
                later.append(node)
            else:
                families[above.pk].append(node)
        for family in families.values():
            above = _above(family[0], loaded)
            for node, path in zip(family, tree.next_paths(above, len(family)), strict=True):
                node.organization = Organization(
                    **node.values, parent=above, path=path, sort_key=sortkey.sort_key(node.values["name"])
                )
        writer.insert(Organization, [node.organization for family in families.values() for node in family])
        waiting = later


def _change(nodes: list[Node], scope: Scope, writer: Writer) -> None:
    """New values of organizations on the books; a change of name, kind, form or unit type is dated."""
    dated, changes = [], []
    for node in nodes:
        organization, values = node.organization, dict(node.values)
        for name in DATED:
            before = getattr(organization, name)
            if name in values and before:
                dated.append(
                    OrganizationChange(
                        organization=organization,
                        field=name,
                        on=scope.on,
                        before=str(before),
                        after=str(values[name]),
                        basis=BASIS,
                        by=scope.user,
                    )
                )
        if "name" in values:
            values["sort_key"] = sortkey.sort_key(values["name"])
        changes.append((organization, values))
    writer.update(Organization, changes)
    writer.insert(OrganizationChange, dated)


def _move(node: Node, loaded: dict[int, Organization], scope: Scope, writer: Writer) -> None:
    """Another parent: the tree's own move, with a note for every row whose path it wrote."""
    organization = Organization.objects.get(pk=node.organization.pk)
    names = ("path", "parent_id")
    below = list(Organization.everything.filter(paths.subtree(organization.path)).order_by("pk"))
    before = {each.pk: (stored_values(each, names), each.version) for each in below}
    to = Organization.objects.get(pk=_above(node, loaded).pk)
    tree.move(organization, to=to, on=scope.on, basis=BASIS, by=scope.user)
    for each in Organization.everything.filter(pk__in=before).order_by("pk"):
        values, version = before[each.pk]
        writer.note(each, before=values, after=stored_values(each, names), version_before=version)
    writer.note_new(OrganizationChange.objects.filter(organization=organization, field="parent").latest("id"))


def _write_terms(nodes: list[Node], writer: Writer) -> None:
    """New and changed terms, and what follows for the other terms of the same organizations."""
    keys = {node.organization.pk for node in nodes}
    terms: dict[int, Term] = {}
    extensions: dict[int, Extension] = {}
    for part in in_chunks(keys):
        terms.update((each.pk, each) for each in Term.objects.select_for_update().filter(organization__in=part))
        for each in Extension.objects.select_for_update().filter(term__organization__in=part):
            extensions[each.pk] = each
    before = {key: _values(term, DERIVED_ON_TERM) for key, term in terms.items()}
    before_extensions = {key: _values(each, DERIVED_ON_EXTENSION) for key, each in extensions.items()}
    new: list[Term] = []
    stated: dict[int, dict] = {}
    for node in nodes:
        if node.term.known is None:
            new.append(Term(organization=node.organization, **node.term.values))
        else:
            term = terms[node.term.known.pk]
            stated[term.pk] = {**_values(term, node.term.values), **_values(term, DERIVED_ON_TERM)}
            for name, value in node.term.values.items():
                setattr(term, name, value)
    converted = history.conversions(key for node in nodes if (key := node.organization.pk))
    term_service.derive(terms=[*terms.values(), *new], extensions=list(extensions.values()), converted_on=converted)
    writer.insert(Term, new)
    changes = []
    for key, term in sorted(terms.items()):
        old = stated.get(key, before[key])
        values = {name: getattr(term, name) for name in old if getattr(term, name) != old[name]}
        if values:
            for name in values:
                setattr(term, name, old[name])
            changes.append((term, values))
    writer.update(Term, changes)
    writer.update(Extension, _differing(extensions, before_extensions))


def _values(record, names) -> dict:
    return {name: getattr(record, name) for name in names}


def _differing(records: dict, before: dict[int, dict]) -> list[tuple]:
    """(record with its old values, {column: new value}) of what was derived anew."""
    changes = []
    for key, record in sorted(records.items()):
        values = {name: getattr(record, name) for name, old in before[key].items() if getattr(record, name) != old}
        if values:
            for name in values:
                setattr(record, name, before[key][name])
            changes.append((record, values))
    return changes


def _write_declared(nodes: list[Node], books: Books, scope: Scope, writer: Writer) -> None:
    """Declared numbers of the roster's day: a new row, or that day's row corrected."""
    new, changes = [], []
    for node in nodes:
        full, probationary = node.declared
        known = books.declared.get(node.organization.pk)
        if known is not None and known.on == scope.on:
            changes.append((known, {"full": full, "probationary": probationary}))
        else:
            new.append(
                DeclaredCount(
                    organization=node.organization,
                    on=scope.on,
                    full=full,
                    probationary=probationary,
                    batch=writer.batch,
                )
            )
    writer.insert(DeclaredCount, new)
    writer.update(DeclaredCount, changes)


def _write_secretaries(nodes: list[Node], books: Books, scope: Scope, writer: Writer) -> None:
    """The secretary's post: the former holder's ends where the new one's begins; on the same day it is a correction."""
    new, changes = [], []
    for node in nodes:
        sitting = books.secretaries.get(node.organization.pk)
        since = _begins(node, sitting is None, scope)
        if sitting is not None and since is not None and sitting.since is not None and sitting.since >= since:
            changes.append((sitting, {"holder_name": node.secretary, "member_id": None}))
            continue
        if sitting is not None:
            changes.append((sitting, {"until": since}))
        new.append(
            Post(
                organization=node.organization,
                seat=Seat.ELECTED,
                title=Title.SECRETARY,
                holder_name=node.secretary,
                since=since,
            )
        )
    writer.update(Post, changes)
    writer.insert(Post, new)


def _begins(node: Node, is_first: bool, scope: Scope) -> date | None:
    """From when a post counts: the election day of a new term, else the roster's day; of the first one unknown."""
    term = node.term
    if term is not None and "elected_on" in term.values and term.values["elected_on"] <= scope.on:
        return term.values["elected_on"]
    return None if is_first else scope.on
