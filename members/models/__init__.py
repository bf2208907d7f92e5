"""The tables of people: who they are, where they belong, how many there are said to be."""

from members.models.guests import Guest
from members.models.identities import Identity
from members.models.intakes import IntakeOutcome, IntakeRequest
from members.models.people import (
    Affiliation,
    DeclaredCount,
    Member,
    RosterConfirmation,
    Standing,
    full_on,
    id_number_index,
)
from members.models.transfers import TransferOutcome, TransferRequest

__all__ = [
    "Affiliation",
    "DeclaredCount",
    "Guest",
    "Identity",
    "IntakeOutcome",
    "IntakeRequest",
    "Member",
    "RosterConfirmation",
    "Standing",
    "TransferOutcome",
    "TransferRequest",
    "full_on",
    "id_number_index",
]
