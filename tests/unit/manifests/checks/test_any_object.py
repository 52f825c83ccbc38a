"""Any object of any kind gives findings or silence, never a traceback (long: docs/manifest-checks.md)."""

import os

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from aks_flow.manifests.checks.agree import check
from aks_flow.manifests.checks.findings import ERROR, POLICY, rules
from aks_flow.manifests.checks.places import FilePlaces
from tests.unit.manifests.checks.cases import SURROUNDINGS
from tests.unit.manifests.checks.generated import Generator

EXAMPLES = int(os.environ.get("AKSFLOW_OBJECTS", "300"))  # how many objects
TOGETHER = 5  # so many are checked as one environment
SEEDS = st.builds(Generator, st.integers(0, 2**64 - 1), st.sampled_from((0.2, 0.5, 0.8)))


@settings(max_examples=EXAMPLES // TOGETHER, database=None)
@given(generator=SEEDS)
def test_any_objects_give_findings_or_silence(generator):
    result = check(generator.objects(TOGETHER), SURROUNDINGS)
    for finding in [*result.findings, *(accepted.finding for accepted in result.accepted)]:
        assert finding.kind in (ERROR, POLICY) and finding.mend and str(finding)


@settings(max_examples=20, database=None)
@given(generator=SEEDS)
def test_every_finding_has_a_line_of_the_file(generator, tmp_path_factory):
    objects = yaml.safe_load(yaml.safe_dump(generator.objects(TOGETHER)))
    file = tmp_path_factory.mktemp("drawn") / "all.yaml"
    file.write_text(yaml.safe_dump_all(objects))
    lines = file.read_text().count("\n") + 1
    places = FilePlaces(file.parent)
    for finding in check(objects, SURROUNDINGS).findings:
        place = places.of(finding.object.view, finding.at, file)
        assert place.file == "all.yaml" and 1 <= place.line <= lines


def test_what_is_drawn_reaches_nearly_every_rule():
    drawn = (Generator(seed, chance=0.8).objects(2 * TOGETHER) for seed in range(120))
    found = {finding.rule for objects in drawn for finding in check(objects, SURROUNDINGS).findings}
    assert len(found) >= 0.8 * len(rules()), sorted(rules().keys() - found)
