from elections.models.approval import ApprovalRight, AssignedApprover
from elections.models.corrections import Correction
from elections.models.election import Election
from elections.models.freezes import Freeze, FrozenRow
from elections.models.law import CheckedProvision, LocalList, LocalValue
from elections.models.leaders import Leader
from elections.models.posts import Post, VillagePost
from elections.models.reorganization import MoveRequest, Succession
from elections.models.scans import Scan, ScanContent
from elections.models.terms import Appointment, Extension, Term

__all__ = [
    "Appointment",
    "ApprovalRight",
    "AssignedApprover",
    "CheckedProvision",
    "Correction",
    "Election",
    "Extension",
    "Freeze",
    "FrozenRow",
    "Leader",
    "LocalList",
    "LocalValue",
    "MoveRequest",
    "Post",
    "Scan",
    "ScanContent",
    "Succession",
    "Term",
    "VillagePost",
]
