from orgs.models.access import Grant, User
from orgs.models.audit import AuditEvent
from orgs.models.importing import ImportBatch, ImportEffect
from orgs.models.keys import DataKey
from orgs.models.opening import Opening
from orgs.models.operations import Operation, OperationEffect
from orgs.models.organization import Organization, OrganizationChange, OrganizationUnit, Unit

__all__ = [
    "AuditEvent",
    "DataKey",
    "Grant",
    "ImportBatch",
    "ImportEffect",
    "Opening",
    "Operation",
    "OperationEffect",
    "Organization",
    "OrganizationChange",
    "OrganizationUnit",
    "Unit",
    "User",
]
