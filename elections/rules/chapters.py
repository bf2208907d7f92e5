"""The law as a book to be read: every number and every rule without one, by chapter, under a title of its own."""

from dataclasses import dataclass
from datetime import date

from elections.rules.dated import ALWAYS
from elections.rules.parameters import Entry, Law, Parameter, may_be_checked
from elections.rules.wording import TITLES
from orgs.enums import Kind, Labeled, UnitType


class Chapter(Labeled):
    """What a rule is about."""

    TERMS = "terms", "任期、提醒与延期"
    STRUCTURE = "structure", "设置与规模"
    COMMITTEES = "committees", "班子"
    MEMBERS = "members", "党员"
    PROCEDURE = "procedure", "候选人与选举程序"
    BOOKS = "books", "产品约定"


_FAMILIES = (("P-", Chapter.BOOKS), ("TERM-", Chapter.TERMS), ("CAND-", Chapter.COMMITTEES))
_CHAPTERS = {
    Chapter.TERMS: ("ORG-06", "ORG-07", "ORG-24"),
    Chapter.STRUCTURE: (
        *("TERM-25", "EL-05", "ORG-01", "ORG-02", "ORG-03", "ORG-11", "ORG-12"),
        *("ORG-16", "ORG-17", "ORG-20", "ORG-25", "ORG-26", "ORG-27"),
    ),
    Chapter.COMMITTEES: (*("APP-07", "EL-01", "EL-02", "ORG-09", "ORG-10", "ORG-14", "ORG-19", "ORG-21", "ORG-23"),),
    Chapter.MEMBERS: ("PM-01",),
    Chapter.PROCEDURE: ("CAND-11", "CAND-12", "EL-12"),
}
_CHAPTER_OF = {rule_id: chapter for chapter, ids in _CHAPTERS.items() for rule_id in ids}


@dataclass(frozen=True)
class Item:
    """One rule through time: `entries` are (first day in force, rule), the earliest first.

    The title is unlike every other, so that it can be linked to; `unit` is empty for rules without a number.
    """

    chapter: Chapter
    title: str
    unit: str
    entries: tuple[tuple[date, Entry], ...]


@dataclass(frozen=True)
class Text:
    """One rule in one document, which somebody can compare with its text: `titles` are the items that rest on it."""

    rule_id: str
    document: str
    citation: str
    titles: tuple[str, ...]

    @property
    def key(self) -> tuple[str, str]:
        """What a comparison is recorded for."""
        return self.rule_id, self.document


def chapter_of(rule_id: str) -> Chapter:
    """The chapter a rule stands in; KeyError for an id that has none."""
    family = next((chapter for prefix, chapter in _FAMILIES if rule_id.startswith(prefix)), None)
    return _CHAPTER_OF.get(rule_id) or family or _CHAPTER_OF[rule_id]


def items(law: Law) -> list[Item]:
    """Everything the law has, term lengths first, then numbers, then rules without one.

    Term lengths that are the same for several unit types are one item.
    """
    alike: dict[tuple, list[str]] = {}
    for (kind, unit_type), parameter in law.term_years.items():
        alike.setdefault((kind, parameter.unit, parameter.entries.values), []).append(unit_type.label)
    kinds = list(Kind)
    lengths = [
        Item(Chapter.TERMS, f"{kind.label}任期（{'、'.join(labels)}）", unit, entries)
        for (kind, unit, entries), labels in sorted(alike.items(), key=lambda pair: kinds.index(pair[0][0]))
    ]
    numbers = [_item(parameter) for _, parameter in law.parameters()]
    outright = [
        Item(chapter_of(entry.rule_id), TITLES[entry.rule_id], "", ((ALWAYS, entry),))
        for entry in law.provisions.values()
    ]
    return lengths + numbers + outright


def titles(law: Law) -> dict[int, str]:
    """{id of an Entry object of `law`: title of its item}: equal entries may stand under several titles."""
    return {id(entry): item.title for item in reversed(items(law)) for _, entry in item.entries}


def texts(law: Law) -> list[Text]:
    """Every rule of the law that stands in a document, once for each document, in the order of the items."""
    found: dict[tuple[str, str], tuple[Entry, list[str]]] = {}
    for item in items(law):
        for _, entry in item.entries:
            if may_be_checked(entry):
                _, titles = found.setdefault((entry.rule_id, entry.document), (entry, []))
                titles.append(item.title)
    return [
        Text(rule_id, document, entry.citation, tuple(dict.fromkeys(titles)))
        for (rule_id, document), (entry, titles) in found.items()
    ]


def length_title(kind: Kind, unit_type: UnitType, law: Law) -> str:
    """The title of the item that holds the term length of a kind and unit type; KeyError where there is none."""
    entries = law.term_years[kind, unit_type].entries.values
    return next(
        item.title for item in items(law) if item.title.startswith(f"{kind.label}任期（") and item.entries == entries
    )


def _item(parameter: Parameter) -> Item:
    latest = parameter.entries.values[-1][1]
    return Item(chapter_of(latest.rule_id), parameter.title, parameter.unit, parameter.entries.values)
