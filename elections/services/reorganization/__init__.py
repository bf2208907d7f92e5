"""Organizations merge, split, grow and move: each step with everything that follows from it (design: Succession).

`closing.close_organization` is the step of 撤销; here is what moves people and founds organizations with it.
"""

from elections.services.reorganization.conversion import convert
from elections.services.reorganization.merging import absorb, merge_into_new
from elections.services.reorganization.moving import answer_move, move_organization, request_move
from elections.services.reorganization.people import close_with_people, move_people
from elections.services.reorganization.splitting import NewBranch, split

__all__ = [
    "NewBranch",
    "absorb",
    "answer_move",
    "close_with_people",
    "convert",
    "merge_into_new",
    "move_organization",
    "move_people",
    "request_move",
    "split",
]
