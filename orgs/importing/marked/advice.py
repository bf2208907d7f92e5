"""The sentence of a problem in two parts: what is wrong, and how to mend it."""

import re

# Where the part that asks for something begins; nothing inside 「…」 counts, which may be a cell of the clerk's.
MENDING = re.compile(r"[，。；](?=请|可填|如需|如果|应|不是的请)")
QUOTED = re.compile(r"「[^「」]*」")
NOTHING_TO_MEND = "无需处理，请知悉。"


def split(message: str, *, is_info: bool = False) -> tuple[str, str]:
    """(「问题」, 「怎么改」) of a sentence; one that asks for nothing leaves the second part empty, or says so."""
    hidden = QUOTED.sub(lambda quoted: "「" + "·" * (len(quoted[0]) - 2) + "」", message)
    found = MENDING.search(hidden)
    if found is None:
        return message, NOTHING_TO_MEND if is_info else ""
    return message[: found.start()] + "。", message[found.end() :]
