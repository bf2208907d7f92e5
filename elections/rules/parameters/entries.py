"""What one number of the law is: its value from a day on, where it is written, and how sure we are of it."""

import enum
from dataclasses import dataclass
from datetime import date

from elections.rules.dated import Since

LAST_CHECKED = date(2026, 11, 21)

ELECTION_REGULATION_1990 = date(1990, 6, 27)
TERM_OPINION = date(2018, 7, 12)
"""First day of 《关于党的基层组织任期的意见》: terms elected from this day on have the new lengths."""
BRANCH_REGULATION = date(2018, 10, 28)
ELECTION_REGULATION = date(2020, 7, 13)

CONSTITUTION_NAME = "《中国共产党章程》"
TERM_OPINION_NAME = "《关于党的基层组织任期的意见》"
BRANCH_REGULATION_NAME = "《中国共产党支部工作条例（试行）》"
ELECTION_REGULATION_NAME = "《中国共产党基层组织选举工作条例》"
AGENCY_REGULATION_NAME = "《中国共产党党和国家机关基层组织工作条例》"
RURAL_REGULATION_NAME = "《中国共产党农村基层组织工作条例》"
STATE_OWNED_REGULATION_NAME = "《中国共产党国有企业基层组织工作条例（试行）》"
PRACTICE_NAME = "工作惯例"


class LawGap(LookupError):
    """The law as recorded has no row for this question; it has no fallback."""


class Status(enum.Enum):
    """How we know a rule."""

    READ = "read"
    READ_SECOND_HAND = "read_second_hand"
    MEMORY = "memory"
    PRACTICE = "practice"
    BOOKS = "books"
    """A check of the books themselves, which claims no article."""
    LOCAL = "local"
    """A stricter value of a district, by its own document."""


class Confidence(enum.Enum):
    """How likely the rule is as stated."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Local(enum.Enum):
    """Whether a district may set a value of its own, and which direction is the stricter one."""

    CLOSED = "closed"
    MORE = "more"
    LESS = "less"


@dataclass(frozen=True)
class Entry:
    """One rule of the law as it stands from a day on, with its source; `value` is None where it has no number."""

    value: int | None
    rule_id: str
    document: str
    article: str = ""
    quote: str = ""
    status: Status = Status.READ
    confidence: Confidence = Confidence.HIGH
    article_checked: bool = True
    see_also: tuple[str, ...] = ()
    checked_on: date = LAST_CHECKED
    # Who compared it with the official text (「已核原文」); empty until somebody did.
    checked_by: str = ""

    @property
    def verified(self) -> bool:
        """Whether the wording itself was read; only then may it be cited as law."""
        return self.status is Status.READ

    @property
    def may_block(self) -> bool:
        """Whether the rule is sure enough to stop an action: READ, or read second-hand with high confidence."""
        sure = self.status is Status.READ_SECOND_HAND and self.confidence is Confidence.HIGH
        return self.verified or sure

    @property
    def label(self) -> str:
        """What a screen adds: 「依据待核」, 「地方规定」, or nothing when verified or when no article is claimed."""
        return {Status.READ: "", Status.BOOKS: "", Status.LOCAL: "地方规定"}.get(self.status, "依据待核")

    @property
    def standing(self) -> str:
        """How sure the rule is, for a list of all rules: read, read but for the number of its article, to be read."""
        if self.label or not self.verified:
            return self.label or "产品约定"
        return "已核原文" if self.article_checked else "已核原文，条号待核"

    @property
    def citation(self) -> str:
        """Document and article in Chinese, with a note when the article number was not checked."""
        note = "（条号待核）" if self.article and not self.article_checked else ""
        # The articles of the 任期意见 are numbered 一、二、三 alone.
        article = f"第{self.article}条" if self.article and not self.article.startswith("第") else self.article
        return f"{self.document}{article}{note}"


@dataclass(frozen=True)
class Parameter:
    """A number of the law through time; `local` says whether a district may be stricter."""

    title: str
    unit: str
    entries: Since[Entry]
    local: Local = Local.CLOSED

    def on(self, day: date) -> Entry:
        """The entry in force on `day`."""
        return self.entries.on(day)
