"""The findings of `rules.evaluate` a second time, as conditions in SQL, so that they can be filtered and counted.

One module for each of `rules/{tenure,records,structure,committees,posts,contradictions}.py`, under the same name. They
decide nothing of their own; a property test keeps both equal. Change neither alone.
"""

from collections.abc import Iterator

from elections.findings_sql.committees import committees
from elections.findings_sql.contradictions import contradictions
from elections.findings_sql.posts import posts
from elections.findings_sql.records import records
from elections.findings_sql.scope import Found, Scope
from elections.findings_sql.structure import structure
from elections.findings_sql.tenure import tenure

__all__ = ["PARTS", "Found", "Scope", "findings"]

PARTS = (tenure, structure, committees, posts, records, contradictions)


def findings(scope: Scope) -> Iterator[Found]:
    """Every finding there can be, each with the organizations of the scope that have it; no query is made."""
    for part in PARTS:
        yield from part(scope)
