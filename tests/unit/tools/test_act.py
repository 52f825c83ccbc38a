"""What act's log says; data/act.jsonl is act's own, of a run whose last step exits 3."""

from pathlib import Path

from aks_flow.tools import act

LINES = (Path(__file__).parent / "data" / "act.jsonl").read_text().splitlines()


def test_jobs_and_their_steps_have_their_states():
    log = act.parse(LINES)
    assert {job.name: job.state for job in log.jobs.values()} == {
        **{"called/b.yml/check": "success", "a.yml/one": "success"},
        "a.yml/two": "failure",
    }
    two = [(step.name, step.state) for step in log.jobs["a.yml/two"].steps.values()]
    assert two[-1] == ("exit 3", "failure") and two[0][1] == "success"


def test_a_job_is_told_by_what_its_steps_took_or_how_it_stands():
    steps = {"a": act.JobStep("a", "success", 1.25), "b": act.JobStep("b", "success", 2.0)}
    jobs = [act.WorkflowJob("ci/check", "success", steps), act.WorkflowJob("push", "running", {})]
    assert [str(job) for job in jobs] == ["ci/check 3.2 s", "push running"]


def test_the_failed_step_is_found():
    job, step = act.parse(LINES).failed()
    assert (job.name, step.name) == ("a.yml/two", "exit 3")


def test_summaries_outputs_and_annotations_of_all_steps_are_kept():
    log = act.parse(LINES)
    assert (log.summary, log.outputs, log.errors) == ("# two\n", {"built": "false"}, ["bad thing"])


def test_a_log_that_is_being_written_is_read_as_far_as_it_goes():
    half = "\n".join(LINES)[: len("\n".join(LINES)) // 2].splitlines()
    log = act.parse(half)
    assert any(job.state == "running" for job in log.jobs.values()) or log.failed() is None


def test_a_run_that_has_no_job_keeps_act_s_words():
    assert act.parse(["Error: workflow is not valid", "[]", '{"msg": "x"}']).said[0].startswith("Error:")


def test_the_argument_list_reads_nothing_of_the_pushed_tree():
    asked = act.run(
        *(Path("work"), ".github/workflows/a.yml", "push", Path("event.json"), Path("jobs")),
        act.Provided(
            {"DELIVERY": "pull"},
            {"GITHUB_RUN_ID": "7"},
            {"GITHUB_TOKEN": "ghs_rehearsal"},
            {"actions/cache@abc": Path("a folder")},
        ),
    )
    assert list(asked.argv) == [
        *("act", "push", "--json", *(f"--platform={label}=-self-hosted" for label in act.RUNNERS)),
        "--no-cache-server",
        *("--workflows=.github/workflows/a.yml", "--eventpath=event.json", "--action-cache-path=jobs"),
        *(
            "--env-file=/dev/null",
            "--secret-file=/dev/null",
            "--var-file=/dev/null",
            "--input-file=/dev/null",
        ),
        *("--var=DELIVERY=pull", "--secret=GITHUB_TOKEN=ghs_rehearsal", "--env=GITHUB_RUN_ID=7"),
        "--local-repository=actions/cache@abc=a folder",
    ]


def test_what_act_refuses_of_a_file_is_its_expressions_and_not_keys_that_its_schema_lacks():
    said = """time="now" level=info msg="Using docker host"
Error: workflow is not valid. 'v.yml': Line: 5 Column 5: Failed to match job-factory: Line: 6 Column 9: Unknown Variable Access secrets
Line: 5 Column 5: Failed to match workflow-job: Line: 5 Column 5: Unknown Property runs-on
Line: 6 Column 9: Unknown Variable Access secrets
Line: 9 Column 9: Failed to match run-step: Line: 9 Column 14: Failed to parse: got unexpected EOF
"""  # noqa: E501
    assert act.refused(said) == [
        (6, "Unknown Variable Access secrets"),
        (9, "Failed to parse: got unexpected EOF"),
    ]
