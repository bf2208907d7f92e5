"""Why a step of an import did not happen: each its own exception, whose text is the sentence for the user."""

from orgs.enums import BatchState
from orgs.refusals import SHOWN, Refused

# What the sentence of a batch holds.
MOST = 300
_CLOSED = {
    BatchState.CHECKING: "这个批次正在核对，请等核对完成后再操作。",
    BatchState.UNCHECKED: "这个批次的核对没有完成，请重新核对或重新上传。",
    BatchState.REJECTED: "这份文件未受理，没有可以导入的内容，请改正后重新上传。",
    BatchState.APPLYING: "这个批次正在写入，请稍候再看结果，不要重复确认。",
    BatchState.APPLIED: "这个批次已经导入，没有再写入任何内容。",
    BatchState.UNDOING: "这个批次正在撤销，请稍候再看结果，不要重复操作。",
    BatchState.UNDONE: "这个批次已经撤销，如需导入请重新上传文件。",
    BatchState.EXPIRED: "这个批次的预览已过期，文件已清除，请重新上传。",
    BatchState.CHECKED: "这个批次还没有导入，不需要撤销。",
    BatchState.FAILED: "这个批次没有写入任何内容，不需要撤销。",
}


class ImportRefused(Refused):
    """A step of an import that did not happen; nothing was written. `str()` is one Chinese sentence."""


class BatchClosed(ImportRefused):
    """The batch is in a state in which this step does not exist (any more)."""

    def __init__(self, state: str):
        self.state = BatchState(state)
        super().__init__(_CLOSED[self.state])


class RowsInError(ImportRefused):
    """Rows have errors and the good ones alone were not asked for."""

    def __init__(self, bad: int, good: int):
        self.bad, self.good = bad, good
        super().__init__(f"有 {bad} 行存在错误，没有写入任何内容。请改正后重新上传，或选择先导入无误的 {good} 行。")


class PreviewOutdated(ImportRefused):
    """The books changed after the preview in a way that changes what would be written; the preview was renewed."""

    def __init__(self, rows: int):
        self.rows = rows
        super().__init__(f"预览之后，有 {rows} 行涉及的在册内容已被他人修改。预览已更新，请核对后重新确认。")


class ImportFailed(ImportRefused):
    """Writing broke off for a reason that is not the file's; nothing was kept, and it can be confirmed again."""

    def __init__(self):
        super().__init__("写入没有完成，没有保存任何内容。请重新确认；如果仍不成功，请联系系统管理员。")


class UndoFailed(ImportRefused):
    """Taking back broke off for a reason that is not the books'; nothing was put back, and it can be undone again."""

    def __init__(self):
        super().__init__("撤销没有完成，数据没有变动。请重新撤销；如果仍不成功，请联系系统管理员。")


class ChoicesRefused(ImportRefused):
    """What was chosen for somebody cannot be done; nothing was written, and it can be chosen anew."""

    def __init__(self, reasons: list[str]):
        self.reasons = reasons[:SHOWN]
        more = f"；另有 {len(reasons) - SHOWN} 人" if len(reasons) > SHOWN else ""
        told = "；".join(each.rstrip("。") for each in self.reasons)
        super().__init__(f"没有写入任何内容。以下人员的处理办不了，请修改后重新确认：{told}{more}。"[:MOST])
