"""What a chart makes otherwise each time is found; all else is left alone."""

import itertools
from dataclasses import replace

import pytest

from aks_flow.core.command import Command, Result
from aks_flow.manifests.origins import render_with_origins
from aks_flow.manifests.unstable import unstable
from tests.unit.several_images.conftest import alone, shop  # noqa: F401
from tests.unit.several_images.project import commit
from tests.unit.several_images.shapes import WithHelm, shaped

SECRET = "apiVersion: v1\nkind: Secret\nmetadata: {name: auth}\nstringData: {password: DRAWN}\n"
NAMED = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: trial-DRAWN}\n"


class Drawing(WithHelm):
    """A Helm whose charts can draw."""

    def __init__(self):
        super().__init__()
        self._drawn = itertools.count()

    def run(self, command: Command) -> Result:
        answer = super().run(command)
        if command.argv[0] != "helm":
            return answer
        return replace(answer, stdout=answer.stdout.replace(b"DRAWN", b"x%d" % next(self._drawn)))


@pytest.mark.parametrize(
    ("template", "found"),
    [
        (SECRET, [("charts/shop/templates/drawn.yaml", "Secret", "stringData")]),
        (NAMED, [("charts/shop/templates/drawn.yaml", "ConfigMap", "metadata")]),
        (SECRET.replace("DRAWN", "given"), []),
    ],
)
def test_an_object_that_is_drawn_is_found_with_its_file(shop, template, found):  # noqa: F811
    context = shaped(shop, "chart", Drawing())
    commit(shop, {"charts/shop/templates/drawn.yaml": template})
    rendered = render_with_origins(context.run, context.config, "dev")
    seen = [
        (str(item.file.relative_to(shop.path)), item.object["kind"], fields)
        for item, fields in unstable(context.run, context.config, "dev", rendered)
    ]
    assert seen == found


def test_other_manifests_are_not_rendered_again(shop):  # noqa: F811
    context = shaped(shop, "flat")
    assert list(unstable(None, context.config, "dev", [])) == []
