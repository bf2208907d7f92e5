"""Contradictions in the books of organizations, rights, imports and the log: what must never be so.

Every check is a function that gives one `Contradiction` for each record that breaks its rule, and nothing for whole
books. The condition is SQL, so that sound rows never leave the database. Each app checks what it owns;
`manage.py check_data` asks them all.
"""

from orgs.checks.changes import changes_end_today, changes_in_a_chain
from orgs.checks.contradiction import Contradiction, named, of_uid
from orgs.checks.imports import rows_that_were_written, sealed_files, states_of_batches
from orgs.checks.rights import events_of_known_trees, grants_on_closed, voided_in_orgs, voided_targets
from orgs.checks.tree import (
    closed_above,
    codes_are_unique,
    paths_are_unique,
    paths_of_parents,
    places_that_fit,
    roots_of_trees,
)

CHECKS = (
    paths_of_parents,
    paths_are_unique,
    roots_of_trees,
    closed_above,
    places_that_fit,
    codes_are_unique,
    changes_in_a_chain,
    changes_end_today,
    grants_on_closed,
    events_of_known_trees,
    voided_in_orgs,
    states_of_batches,
    rows_that_were_written,
)
# Slow: each sealed value is opened.
SEALED_CHECKS = (sealed_files,)

__all__ = ["CHECKS", "SEALED_CHECKS", "Contradiction", "named", "of_uid", "voided_targets"]
