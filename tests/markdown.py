"""The project's Markdown pages, as tests read them."""

import re

_BLOCK = re.compile(r"^ *(```+).*?^ *\1", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)


def rows(page: str, head: str) -> list[list[str]]:
    """The cells of the table whose first line begins so, a list for each row below its head."""
    lines = page.splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith(head))
    table = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        table.append([cell.strip() for cell in line.strip("|").split("|")])
    return table


def code(text: str) -> list[str]:
    """What stands between backticks in a line; blocks of lines are left out."""
    return [inside for _, inside in _CODE.findall(_BLOCK.sub("", text))]
