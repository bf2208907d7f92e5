"""The admin of elections; importing registers its pages."""

from elections.admin import law, terms

__all__ = ["law", "terms"]
