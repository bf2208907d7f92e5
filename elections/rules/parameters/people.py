"""What the days of a member must be like to be possible: PM-01, P-14."""

from datetime import date

from elections.rules.dated import ALWAYS, Since
from elections.rules.parameters.entries import CONSTITUTION_NAME, Confidence, Entry, Parameter, Status

# The 党章 that holds with amendments to this day; the earlier ones are from memory.
CONSTITUTION = date(1982, 9, 6)

JOINING_AGE_LEAST = Parameter(
    "入党年龄下限",
    "周岁",
    Since(
        (ALWAYS, Entry(18, "PM-01", CONSTITUTION_NAME, status=Status.MEMORY, confidence=Confidence.MEDIUM)),
        (CONSTITUTION, Entry(18, "PM-01", CONSTITUTION_NAME, "第一条", quote="年满十八岁")),
    ),
)
BIRTH_YEAR_LEAST = Parameter(
    "党员出生年份下限",
    "年",
    Since((ALWAYS, Entry(1900, "P-14", "台账数据核对", status=Status.BOOKS, confidence=Confidence.MEDIUM))),
)
