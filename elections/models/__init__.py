from elections.models.election import Election
from elections.models.posts import Post, VillagePost
from elections.models.terms import Appointment, Extension, Term

__all__ = ["Appointment", "Election", "Extension", "Post", "Term", "VillagePost"]
