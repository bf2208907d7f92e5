"""Rosters of people as kinds of the import pipeline: 党员花名册, 流动党员台账."""

from members.imports.floating_roster import FloatingRoster
from members.imports.roster import MemberRoster

__all__ = ["FloatingRoster", "MemberRoster"]
