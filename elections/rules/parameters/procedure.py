"""Numbers of the procedure of an election: for now how long the candidates are shown to the public."""

from elections.rules.dated import ALWAYS, Since
from elections.rules.parameters.entries import PRACTICE_NAME, Confidence, Entry, Local, Parameter, Status

# No regulation that was read gives a number of days; districts fix their own (CAND-11), and without one none is asked.
NOTICE_DAYS = Parameter(
    "候选人预备人选公示天数",
    "天",
    Since(
        (
            ALWAYS,
            Entry(
                None,
                "CAND-11",
                PRACTICE_NAME,
                status=Status.PRACTICE,
                confidence=Confidence.MEDIUM,
                see_also=("EL-09",),
            ),
        )
    ),
    local=Local.MORE,
)
