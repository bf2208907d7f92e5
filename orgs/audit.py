"""Writing the log: what was done, by whom, from which values to which."""

from orgs import paths
from orgs.models import AuditEvent, Organization


def record_event(*, kind: str, target=None, organization=None, by, changes: dict | None = None) -> AuditEvent:
    """Add one event about `target` (a record, or None) at `organization`, inside the caller's transaction.

    `changes` is {field: [old, new]} as `values_of` and `differences` give it.
    """
    return AuditEvent.objects.create(
        kind=kind,
        target_type=target._meta.label_lower if target is not None else "",
        target_uid=getattr(target, "uid", None),
        root=root_of(organization),
        actor=by,
        changes=changes or {},
    )


def root_of(organization) -> Organization | None:
    """The root of the tree in which `organization` stands."""
    if organization is None or organization.parent_id is None:
        return organization
    return Organization.everything.get(path=organization.path[: paths.WIDTH])


def values_of(record, fields) -> dict:
    """The values of `fields` as an audit event may keep them: text, numbers, uids; sealed ones left out."""
    values = {}
    for name in fields:
        if name in getattr(record, "sealed_fields", ()):
            values[name] = "sealed:" + (getattr(record, name) or "")
            continue
        value = getattr(record, name)
        if hasattr(value, "_meta"):
            value = getattr(value, "uid", value.pk)
        values[name] = value if value is None or isinstance(value, int | bool) else str(value)
    return values


def differences(before: dict, after: dict) -> dict:
    """{field: [old, new]} of what differs; a sealed value is named as 「已变更」 only."""
    changes = {}
    for name, new in after.items():
        old = before.get(name)
        if old != new:
            sealed = str(new).startswith("sealed:") or str(old).startswith("sealed:")
            changes[name] = "changed" if sealed else [old, new]
    return changes
