from elections.models.election import Election
from elections.models.terms import Appointment, Extension, Post, Term

__all__ = ["Appointment", "Election", "Extension", "Post", "Term"]
