"""The member roster (党员花名册) as a kind of the import pipeline."""

from members.imports.roster import MemberRoster

__all__ = ["MemberRoster"]
