"""Writing about people: who they are, where they belong, what changes their rights, how many there are said to be."""

from members.services.affiliations import (
    affiliate,
    end_affiliation,
    set_unit,
    takes_affiliations,
    transfer_within,
)
from members.services.counts import confirm_roster, declare_count
from members.services.guests import change_guest, end_stay, receive_guest
from members.services.intakes import decline_intake, grant_intake, request_intake, withdraw_intake, withdraw_intakes
from members.services.leaving import Leaving, end_membership
from members.services.people import change_member, record_member
from members.services.returning import returning, take_back
from members.services.standings import end_standing, record_standing
from members.services.transfers import (
    accept_transfer,
    decline_transfer,
    readdress_transfer,
    request_transfer,
    withdraw_transfer,
)

__all__ = [
    "Leaving",
    "accept_transfer",
    "affiliate",
    "change_guest",
    "change_member",
    "confirm_roster",
    "declare_count",
    "decline_intake",
    "decline_transfer",
    "end_affiliation",
    "end_membership",
    "end_standing",
    "end_stay",
    "grant_intake",
    "receive_guest",
    "record_member",
    "readdress_transfer",
    "record_standing",
    "request_intake",
    "request_transfer",
    "returning",
    "set_unit",
    "take_back",
    "takes_affiliations",
    "transfer_within",
    "withdraw_intake",
    "withdraw_intakes",
    "withdraw_transfer",
]
