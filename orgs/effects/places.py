"""Whether what a step moved or ended can stand again where it stood: what is there may have changed since."""

from collections.abc import Iterable, Iterator

from django.db import models

from orgs import paths, tree
from orgs.effects import written
from orgs.models import Organization

BY_HAND = "请改为办理“划转”"


def lost_places(source, *, done: str) -> Iterator[str]:
    """A sentence for each organization moved by `source` whose former superior cannot hold it any more.

    It is gone, closed, of another kind or elsewhere by now. `done` is the word for what the source was (导入, 办理).
    """
    back = _values_before(source, Organization, "path")
    rows = _rows(Organization, back, "path")
    tops = set(paths.outermost(values["path"] for values in back.values()))
    moved = [(row, back[row.uid].get("parent_id", row.parent_id)) for row in rows if back[row.uid]["path"] in tops]
    superiors = _organizations({parent for _, parent in moved if parent is not None})
    for row, parent in moved:
        if parent is None:
            continue
        kind, superior = back[row.uid].get("kind", row.kind), superiors.get(parent)
        if superior is None:
            yield f"党组织“{row}”原来的上级已不在册，{BY_HAND}"
        elif superior.closed_on is not None and "closed_on" not in _own(source, superior):
            yield f"党组织“{row}”原来的上级“{superior}”在{done}后已撤销，{BY_HAND}"
        elif "kind" not in _own(source, superior) and not tree.fits(kind, superior.kind):
            yield f"党组织“{row}”不能再设在原来的上级“{superior}”之下，{BY_HAND}"
        elif superior.path != paths.parent_of(back[row.uid]["path"]):
            yield f"党组织“{row}”原来的上级“{superior}”在{done}后又改变了隶属关系，{BY_HAND}"


def lost_homes(source, model: type[models.Model], *, done: str) -> Iterator[str]:
    """A sentence for each row that `source` ended and undo would open again at an organization closed since."""
    names = {field.attname for field in model._meta.concrete_fields}
    if model is Organization or not {"organization_id", "until"} <= names or not hasattr(model, "uid"):
        return
    back = _values_before(source, model, "until")
    rows = _rows(model, back, "pk")
    homes = _organizations({row.organization_id for row in rows})
    for row in rows:
        home, until = homes[row.organization_id], back[row.uid]["until"]
        closed_on = home.closed_on
        if closed_on is None or (until is not None and until <= closed_on.isoformat()):
            continue
        if "closed_on" not in _own(source, home):
            yield f"{model._meta.verbose_name}“{row}”所在的“{home}”在{done}后已撤销"


def _values_before(source, model: type[models.Model], column: str) -> dict:
    """{uid: former values} of the rows whose `column` the source changed."""
    changed = written.notes(source, model, **written.CHANGED, before__has_key=column)
    return dict(changed.values_list("target_uid", "before"))


def _rows(model: type[models.Model], uids: Iterable, order: str) -> list[models.Model]:
    return [
        row for part in written.parts(list(uids)) for row in model._base_manager.filter(uid__in=part).order_by(order)
    ]


def _own(source, organization: Organization) -> dict:
    """What the source itself changed of an organization: undo takes that back too."""
    effects = source.effects.filter(table=Organization._meta.label_lower, target_uid=organization.uid)
    return next((effect.before or {} for effect in effects), {})


def _organizations(keys: set[int]) -> dict[int, Organization]:
    parts = (Organization.everything.in_bulk(part) for part in written.parts(sorted(keys)))
    return {key: row for part in parts for key, row in part.items()}
