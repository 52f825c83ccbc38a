"""A run's log while it grows."""

from aks_flow.rehearsal.standins.github.runs import Runs
from aks_flow.tools import act
from tests.unit.tools.test_act import LINES


def test_a_growing_log_says_what_the_whole_one_says_and_reads_each_line_once(tmp_path):
    runs = Runs(tmp_path)
    growing = runs.growing_log(1)
    assert growing.read() == act.Log()
    text = "".join(f"{line}\n" for line in LINES).encode()
    runs.folder(1).mkdir()
    for end in (*range(0, len(text), 1000), len(text)):
        with growing.file.open("ab") as file:
            file.write(text[growing.file.stat().st_size : end])
        assert set(growing.read().said) <= set(act.parse(LINES).said)  # half a line is none yet
    assert growing.read() == act.parse(LINES)
    growing.file.write_bytes(b"x" * len(text))
    assert growing.read() == act.parse(LINES)
