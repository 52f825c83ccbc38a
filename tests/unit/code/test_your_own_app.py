"""The page "Your own app" and the README's figure of it agree, and all of its commands are played."""

import re
from pathlib import Path

from tests.e2e.adopt import page, test_your_own_app


def test_the_readme_counts_the_commands_to_a_delivery_by_both_paths():
    assert page.stated()[0] == len(page.first_way())


def test_every_block_of_the_page_is_played():
    played = Path(test_your_own_app.__file__).read_text()
    for title, blocks in page.sections().items():
        calls = re.findall(rf'plays\("{title}"(?:, (\d))?\)|sections\(\)\["{title}"\]\[(\d)\]', played)
        assert {int(number or other or 0) for number, other in calls} == set(range(len(blocks))), title
