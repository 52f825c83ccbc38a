"""The change that a scenario commits: one line of a file of the project, every other byte as it was."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aks_flow.core.config.rehearsal import RehearsedChange
from aks_flow.core.errors import AksFlowError
from aks_flow.rehearsal.scenarios import app_change

TEXT = "rehearsed at 12:00:00"
PYTHON = RehearsedChange("web/page.py", 'EDITION = "{}"')
HTML = RehearsedChange("page.html", "<footer>{}</footer>")
PLAIN = RehearsedChange("edition.txt")


def config_with(config, change: RehearsedChange):
    return replace(config, rehearsal=replace(config.rehearsal, change=change))


@pytest.mark.parametrize(
    ("change", "before", "after"),
    [
        (PYTHON, 'import os\nEDITION = "first"\n\n', f'import os\nEDITION = "{TEXT}"\n\n'),
        (PYTHON, 'EDITION = ""', f'EDITION = "{TEXT}"'),
        (HTML, "\t<footer>a</footer>\r\n</html>\r\n", f"\t<footer>{TEXT}</footer>\r\n</html>\r\n"),
        (HTML, "<footer>a</footer>  \n<b>x</b>\n", f"<footer>{TEXT}</footer>  \n<b>x</b>\n"),
        (PLAIN, "First edition\n", f"{TEXT}\n"),
        (PLAIN, "\n  First edition\n\n", f"\n  {TEXT}\n\n"),
        (RehearsedChange("a.md", "- {}"), "- a\n* b\n", f"- {TEXT}\n* b\n"),
        (RehearsedChange("a.js", "  say('{}');"), "say('a');\nsay(b);\n", f"say('{TEXT}');\nsay(b);\n"),
    ],
)
def test_the_one_line_that_fits_is_changed(change, before, after):
    assert app_change.with_text(before, change, TEXT) == after


@pytest.mark.parametrize(
    ("change", "content", "said"),
    [
        (PYTHON, "EDITION = 'x'\n", "no lines of web/page.py read as 'EDITION = \"{}\"'"),
        (PYTHON, "", "no lines of web/page.py"),
        (PYTHON, 'EDITION = "a"\nEDITION = "b"\n', "2 lines of web/page.py"),
        (PLAIN, "a\nb\nc\n", "3 lines of edition.txt read as '{}'"),
        (PLAIN, " \n\n", "no lines of edition.txt"),
    ],
)
def test_what_does_not_fit_exactly_once_is_refused(change, content, said):
    with pytest.raises(AksFlowError, match=f"rehearsal.change.line: {said}") as raised:
        app_change.with_text(content, change, TEXT)
    assert str(raised.value).endswith("Correct it: exactly one line is to change.")


@given(
    before=st.text(st.characters(exclude_characters="{}\n\r", categories=["L", "N", "P"]), min_size=1),
    old=st.text(st.characters(categories=["L"])),
    others=st.lists(st.sampled_from(["", "\n", "x\n", "\r\n", "{}\n"])),
)
def test_all_other_bytes_stay_whatever_the_line_is(before, old, others):
    change = RehearsedChange("f", f"{before}{{}};")
    content = "".join([*others, f"{before}{old};\n", *others])
    assert app_change.with_text(content, change, TEXT) == "".join([*others, f"{before}{TEXT};\n", *others])


def test_a_project_that_names_no_file_gets_one_beside_its_dockerfile(config, tmp_path):
    (tmp_path / "app").mkdir()
    file = app_change.write(config_with(config, RehearsedChange()), tmp_path, TEXT)
    assert (file.parent, file.read_text()) == (tmp_path / "app", f"{TEXT}\n")


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"], ids=["missing", "binary"])
def test_a_file_without_text_is_refused_with_its_key(config, tmp_path, content):
    if content:
        (tmp_path / "page.html").write_bytes(content)
    with pytest.raises(AksFlowError, match="rehearsal.change.file: there is no text to change in page.html"):
        app_change.write(config_with(config, HTML), tmp_path, TEXT)


def test_the_repository_s_own_change_fits_its_own_file(config):
    """The example is load-bearing."""
    from tests.unit.conftest import ROOT

    app_change.with_text((ROOT / config.rehearsal.change.file).read_text(), config.rehearsal.change, TEXT)
