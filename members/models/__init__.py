"""The tables of people: who they are, where they belong, how many there are said to be."""

from members.models.people import (
    Affiliation,
    DeclaredCount,
    Member,
    RosterConfirmation,
    Standing,
    full_on,
    id_number_index,
)

__all__ = [
    "Affiliation",
    "DeclaredCount",
    "Member",
    "RosterConfirmation",
    "Standing",
    "full_on",
    "id_number_index",
]
