"""The days of a term: reminder, extension, early election, inspection, first election."""

from elections.rules.dated import ALWAYS, Since
from elections.rules.parameters.entries import (
    BRANCH_REGULATION,
    BRANCH_REGULATION_NAME,
    ELECTION_REGULATION,
    ELECTION_REGULATION_1990,
    ELECTION_REGULATION_NAME,
    PRACTICE_NAME,
    TERM_OPINION,
    TERM_OPINION_NAME,
    Confidence,
    Entry,
    Local,
    Parameter,
    Status,
)

# TERM-15 gives six months for branches only; TERM-16 says 及时 for the others. The product uses one lead for all
# kinds, and the same one for days before the regulation, so that a past day can be asked for.
REMINDER_LEAD_MONTHS = Parameter(
    "届满提醒提前量",
    "个月",
    Since(
        (
            ALWAYS,
            Entry(6, "TERM-16", PRACTICE_NAME, status=Status.PRACTICE, confidence=Confidence.MEDIUM),
        ),
        (
            BRANCH_REGULATION,
            Entry(
                6,
                "TERM-15",
                BRANCH_REGULATION_NAME,
                "第二十二条",
                article_checked=False,
                see_also=("TERM-16",),
            ),
        ),
    ),
    local=Local.MORE,
)

EXTENSION_CAP_YEARS = Parameter(
    "延期换届上限",
    "年",
    Since(
        (
            ALWAYS,
            Entry(1, "TERM-12", PRACTICE_NAME, status=Status.PRACTICE, confidence=Confidence.MEDIUM),
        ),
        (
            ELECTION_REGULATION_1990,
            Entry(
                1,
                "TERM-12",
                "《中国共产党基层组织选举工作暂行条例》",
                status=Status.READ_SECOND_HAND,
                confidence=Confidence.MEDIUM,
            ),
        ),
        (TERM_OPINION, Entry(1, "TERM-12", TERM_OPINION_NAME, "二", quote="延长或者提前期限一般不超过1年")),
        (
            ELECTION_REGULATION,
            Entry(
                1,
                "TERM-12",
                ELECTION_REGULATION_NAME,
                "第三条",
                quote="延长或者提前期限一般不超过1年",
            ),
        ),
    ),
)

LATE_APPROVAL_YEARS = Parameter(
    "届满后补批延期仍予认定的期限",
    "年",
    Since((ALWAYS, Entry(1, "P-02", PRACTICE_NAME, status=Status.PRACTICE, confidence=Confidence.MEDIUM))),
)

INSPECTION_YEARS = Parameter(
    "专项检查认定未按期换届的期限",
    "年",
    Since(
        (
            ALWAYS,
            Entry(
                1,
                "TERM-20",
                "中央组织部2016年专项检查",
                quote="任期届满，未经批准，一年内没有换届",
                status=Status.READ_SECOND_HAND,
            ),
        )
    ),
)

FIRST_ELECTION_MONTHS = Parameter(
    "成立或者改建后首次选举期限",
    "个月",
    Since((ALWAYS, Entry(12, "P-01", PRACTICE_NAME, status=Status.PRACTICE, confidence=Confidence.MEDIUM))),
    local=Local.LESS,
)

EXTENSIONS_MOST = Parameter(
    "一届任期内批准延期次数上限",
    "次",
    Since(
        (
            ALWAYS,
            Entry(
                1,
                "TERM-21",
                "共产党员网答疑（2024年7月25日）",
                quote="原则上延期一年，不可以再延期",
                status=Status.READ_SECOND_HAND,
                confidence=Confidence.MEDIUM,
            ),
        )
    ),
)

# The regulation of 1990 limited only the extension (rules D6).
EARLY_CAP_YEARS = Parameter(
    "提前换届上限",
    "年",
    Since(
        (ALWAYS, Entry(1, "TERM-13", PRACTICE_NAME, status=Status.PRACTICE, confidence=Confidence.MEDIUM)),
        (TERM_OPINION, Entry(1, "TERM-13", TERM_OPINION_NAME, "二", quote="延长或者提前期限一般不超过1年")),
        (
            ELECTION_REGULATION,
            Entry(1, "TERM-13", ELECTION_REGULATION_NAME, "第三条", quote="延长或者提前期限一般不超过1年"),
        ),
    ),
)

# A window of its own: an earlier local reminder must not let anybody elect earlier without approval.
EARLY_WINDOW_MONTHS = Parameter(
    "届满前视为按期选举的期间",
    "个月",
    Since((ALWAYS, Entry(6, "TERM-13", PRACTICE_NAME, status=Status.PRACTICE, confidence=Confidence.MEDIUM))),
)

ROSTER_STALE_MONTHS = Parameter(
    "党员名册有效期",
    "个月",
    Since((ALWAYS, Entry(6, "P-06", "台账数据核对", status=Status.BOOKS, confidence=Confidence.MEDIUM))),
    local=Local.LESS,
)
