"""Contradictions in the books of terms, posts and elections. See orgs.checks."""

from elections.checks.arrangements import (
    approvers_stand_outside,
    arrangements_end_with_the_organization,
    those_in_charge_exist,
)
from elections.checks.cases import one_general_election_at_a_time, organization_of_cases
from elections.checks.posts import posts_inside_the_organizations_life, voided_in_elections
from elections.checks.terms import derived_values, expiry_has_its_basis, one_term_a_day

CHECKS = (
    derived_values,
    expiry_has_its_basis,
    one_term_a_day,
    posts_inside_the_organizations_life,
    one_general_election_at_a_time,
    organization_of_cases,
    arrangements_end_with_the_organization,
    those_in_charge_exist,
    approvers_stand_outside,
    voided_in_elections,
)

__all__ = ["CHECKS"]
