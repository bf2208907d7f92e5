"""Steps that did not happen: exceptions whose text is the sentence for the user."""

# How many reasons a refusal names; the rest is counted.
SHOWN = 20


class Refused(Exception):
    """A step that did not happen; nothing was written. `str()` is one Chinese sentence."""


class UndoBlocked(Refused):
    """Something depends on what was written; `reasons` names it, one sentence each (at most SHOWN)."""

    def __init__(self, reasons: list[str], more: int = 0):
        self.reasons, self.more = reasons, more
        rest = f" 等共 {len(reasons) + more} 项" if more else ""
        super().__init__(f"不能撤销：{'；'.join(reasons)}{rest}。请先处理这些内容。")
