"""Probes: what they say, and what the node does about it."""

from tests.e2e.node.bench import until

HTTP_READY = {"httpGet": {"path": "/ready", "port": "http"}, "periodSeconds": 1}


def set_to(bench, name: str, what: str, value: str) -> None:
    """Tell the test web server how to answer."""
    url = f"http://localhost:8080/set/{what}/{value}"
    bench.sh(name, f"python3 -c 'import urllib.request as u; u.urlopen(\"{url}\")'")


def test_readiness_follows_the_answer_and_says_why_not(bench, web):
    env = [{"name": "READY", "value": "no"}]
    probe = {**HTTP_READY, "failureThreshold": 1}
    bench.run("moody", {**web, "env": env, "readinessProbe": probe})
    text = "Readiness probe failed: HTTP probe failed with statuscode: 503"
    until(lambda: ("Unhealthy", text) in bench.events("moody"))
    assert not bench.is_ready("moody")
    conditions = {each["type"]: each for each in bench.pod("moody")["status"]["conditions"]}
    assert conditions["Ready"]["message"] == "containers with unready status: [moody]"
    set_to(bench, "moody", "ready", "yes")
    until(lambda: bench.is_ready("moody"))
    set_to(bench, "moody", "ready", "no")
    until(lambda: not bench.is_ready("moody"))
    assert bench.status("moody")["restartCount"] == 0
    bench.delete("moody", grace=0)


def test_nobody_listening_is_a_refused_connection(bench, shell):
    probe = {"tcpSocket": {"port": 6379}, "periodSeconds": 1}
    bench.run("silent", shell("exec sleep 600", readinessProbe=probe))
    address = until(lambda: (bench.pod("silent") or {}).get("status", {}).get("podIP"))
    text = f"Readiness probe failed: dial tcp {address}:6379: connect: connection refused"
    until(lambda: ("Unhealthy", text) in bench.events("silent"))
    bench.delete("silent", grace=0)


def test_a_failed_liveness_probe_restarts_the_container(bench, web):
    probe = {"httpGet": {"path": "/alive", "port": "http"}, "periodSeconds": 1, "failureThreshold": 1}
    bench.run("dying", {**web, "livenessProbe": probe | {"initialDelaySeconds": 1}})
    until(lambda: bench.is_ready("dying") and bench.logs("dying"))
    set_to(bench, "dying", "alive", "no")
    until(lambda: bench.status("dying").get("restartCount") == 1)
    events = bench.events("dying")
    assert ("Unhealthy", "Liveness probe failed: HTTP probe failed with statuscode: 503") in events
    assert ("Killing", "Container dying failed liveness probe, will be restarted") in events
    assert "bye" in bench.logs("dying", previous=True)
    bench.delete("dying", grace=0)


def test_other_probes_wait_for_the_startup_probe(bench, shell):
    startup = {"exec": {"command": ["test", "-e", "/tmp/up"]}, "periodSeconds": 1, "failureThreshold": 300}
    liveness = {"exec": {"command": ["test", "-e", "/tmp/up"]}, "periodSeconds": 1, "failureThreshold": 1}
    bench.run("slow", shell("exec sleep 600", startupProbe=startup, livenessProbe=liveness))
    until(lambda: bench.status("slow").get("state", {}).get("running"))
    assert bench.status("slow")["started"] is False
    bench.sh("slow", "touch /tmp/up")
    until(lambda: bench.is_ready("slow"))
    assert bench.status("slow")["started"] is True
    assert bench.status("slow")["restartCount"] == 0
    bench.delete("slow", grace=0)


def test_an_exec_probe_shows_the_programs_output_and_its_timeout(bench, shell):
    says = {"exec": {"command": ["sh", "-c", "echo not yet; exit 1"]}, "periodSeconds": 1}
    bench.run("says", shell("exec sleep 600", readinessProbe=says))
    until(lambda: ("Unhealthy", "Readiness probe failed: not yet\n") in bench.events("says"))
    hangs = {"exec": {"command": ["sleep", "9"]}, "periodSeconds": 1, "timeoutSeconds": 1}
    bench.run("hangs", shell("exec sleep 600", readinessProbe=hangs))
    until(
        lambda: ("Unhealthy", 'Readiness probe failed: command "sleep 9" timed out') in bench.events("hangs")
    )
    for name in ("says", "hangs"):
        bench.delete(name, grace=0)


def test_a_failed_post_start_hook_kills_the_container(bench, shell):
    hook = {"postStart": {"exec": {"command": ["sh", "-c", "echo no; exit 5"]}}}
    bench.run("hook", shell("trap 'exit 0' TERM; while :; do sleep 0.1; done", lifecycle=hook))
    until(lambda: any(reason == "FailedPostStartHook" for reason, _ in bench.events("hook")))
    until(lambda: bench.status("hook").get("restartCount"))
    bench.delete("hook", grace=0)
