from orgs.models.access import Grant, User
from orgs.models.audit import AuditEvent
from orgs.models.importing import ImportBatch, ImportChoice, ImportEffect, ImportPart, LayoutMapping
from orgs.models.keys import DataKey
from orgs.models.opening import Opening
from orgs.models.operations import Operation, OperationEffect
from orgs.models.organization import Organization, OrganizationChange, OrganizationUnit, Unit
from orgs.models.territory import TerritorialLink

__all__ = [
    "AuditEvent",
    "DataKey",
    "Grant",
    "ImportBatch",
    "ImportChoice",
    "ImportEffect",
    "ImportPart",
    "LayoutMapping",
    "Opening",
    "Operation",
    "OperationEffect",
    "Organization",
    "OrganizationChange",
    "OrganizationUnit",
    "TerritorialLink",
    "Unit",
    "User",
]
