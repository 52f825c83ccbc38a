"""Images that do not come, volumes that cannot be mounted, processes that do not start: Kubernetes' words."""

from aks_flow.rehearsal.standins.kubernetes.kinds import kinds
from aks_flow.rehearsal.standins.kubernetes.kubelet.volumes import pod_volumes
from tests.e2e.node.bench import until
from tests.ports import free_ports


def test_a_missing_image_is_not_found_and_then_backed_off(bench, shell):
    image = f"{bench.registry}/node-test:missing"
    bench.run("missing", shell("true") | {"image": image})
    until(lambda: bench.waiting("missing") == "ErrImagePull")
    message = (
        f'rpc error: code = NotFound desc = failed to pull and unpack image "{image}": '
        f"failed to resolve image: {image}: not found"
    )
    assert bench.status("missing")["state"]["waiting"]["message"] == message
    assert bench.phase("missing") == "Pending"
    until(lambda: bench.waiting("missing") == "ImagePullBackOff")
    back_off = f'Back-off pulling image "{image}"'
    assert bench.status("missing")["state"]["waiting"]["message"] == f"{back_off}: ErrImagePull: {message}"
    events = [each for each in bench.events("missing") if each[0] != "Scheduled"]
    assert events == [
        ("Pulling", f'Pulling image "{image}"'),
        ("Failed", f'Failed to pull image "{image}": {message}'),
        ("Failed", "Error: ErrImagePull"),
        ("BackOff", back_off),
        ("Failed", "Error: ImagePullBackOff"),
    ]
    bench.delete("missing")
    until(lambda: bench.pod("missing") is None)


def test_a_registry_that_does_not_answer_may_heal(bench, shell):
    (port,) = free_ports(1)
    bench.run("nobody", shell("true") | {"image": f"127.0.0.1:{port}/web:v1"})
    until(lambda: bench.waiting("nobody") == "ErrImagePull")
    message = bench.status("nobody")["state"]["waiting"]["message"]
    assert message.startswith("rpc error: code = Unavailable desc = ")
    assert message.endswith(f"dial tcp 127.0.0.1:{port}: connect: connection refused")
    bench.delete("nobody", grace=0)


def test_an_image_that_was_only_built_here_is_not_on_the_node(bench, shell, image):
    from tests.e2e.node.bench import docker

    local = f"{bench.registry}/only-built:v1"
    docker("tag", image, local)
    try:
        bench.run("built", shell("true") | {"image": local})
        until(lambda: bench.waiting("built") == "ErrImagePull")
        assert "code = NotFound" in bench.status("built")["state"]["waiting"]["message"]
    finally:
        docker("rmi", "--no-prune", local)
        bench.delete("built", grace=0)


def test_an_invalid_image_name_is_called_so(bench, shell):
    bench.run("invalid", shell("true") | {"image": "No:Such::Image"})
    until(lambda: bench.waiting("invalid") == "InvalidImageName")
    assert "invalid reference format" in bench.status("invalid")["state"]["waiting"]["message"]
    bench.delete("invalid", grace=0)


def test_never_pull_means_never(bench, shell):
    image = f"{bench.registry}/node-test:absent"
    bench.run("absent", shell("true") | {"image": image, "imagePullPolicy": "Never"})
    until(lambda: bench.waiting("absent") == "ErrImageNeverPull")
    text = f'Container image "{image}" is not present with pull policy of Never'
    assert ("ErrImageNeverPull", text) in bench.events("absent")
    bench.delete("absent", grace=0)


def test_a_program_that_does_not_exist_is_a_run_error_and_then_a_crash_loop(bench, image):
    bench.run("nothing", {"image": image, "command": ["no-such-program"]})
    until(lambda: bench.waiting("nothing") == "RunContainerError")
    assert "no-such-program" in bench.status("nothing")["state"]["waiting"]["message"]
    until(lambda: bench.waiting("nothing") == "CrashLoopBackOff")
    assert bench.status("nothing")["lastState"]["terminated"]["reason"] == "StartError"
    bench.delete("nothing")
    until(lambda: bench.pod("nothing") is None)


def test_a_claim_that_cannot_be_opened_is_a_failed_mount_until_it_can(bench, shell, monkeypatch):
    claim(bench, "closed")
    monkeypatch.setattr(pod_volumes, "_SHARE", "echo no room for it >&2; exit 1")
    volumes = [{"name": "data", "persistentVolumeClaim": {"claimName": "closed"}}]
    bench.run("closed", shell("sleep 60"), volumes=volumes)
    text = 'MountVolume.SetUp failed for volume "data" : no room for it'
    until(lambda: ("FailedMount", text) in bench.events("closed"))
    assert bench.waiting("closed") == "ContainerCreating"
    monkeypatch.undo()
    until(lambda: bench.is_ready("closed"))
    bench.delete("closed", grace=0)


def test_a_folder_that_cannot_be_made_in_a_claim_is_a_configuration_error(bench, shell):
    claim(bench, "full")
    volumes = [{"name": "data", "persistentVolumeClaim": {"claimName": "full"}}]
    whole = {"name": "data", "mountPath": "/whole"}
    file = {"name": "data", "mountPath": "/file", "subPath": "file"}
    folder = {"name": "data", "mountPath": "/folder", "subPath": "file/folder"}
    bench.run(
        "holds-a-file", shell("echo kept > /whole/file; sleep 60", volumeMounts=[whole]), volumes=volumes
    )
    until(lambda: bench.is_ready("holds-a-file") and bench.sh("holds-a-file", "cat /whole/file") == "kept")
    bench.run("mounts-it", shell("sleep 60", volumeMounts=[file]), volumes=volumes)
    bench.run("wants-a-folder", shell("sleep 60", volumeMounts=[folder]), volumes=volumes)
    until(lambda: bench.waiting("wants-a-folder") == "CreateContainerConfigError")
    text = 'failed to create subPath directory for volumeMount "data" of container "wants-a-folder"'
    assert bench.status("wants-a-folder")["state"]["waiting"]["message"] == text
    assert ("Failed", f"Error: {text}") in bench.events("wants-a-folder")
    until(lambda: bench.is_ready("mounts-it") and bench.sh("mounts-it", "cat /file") == "kept")
    for name in ("holds-a-file", "mounts-it", "wants-a-folder"):
        bench.delete(name, grace=0)


def claim(bench, name: str) -> None:
    spec = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Mi"}}}
    bench.create(kinds.PERSISTENT_VOLUME_CLAIM, name, spec=spec)


def test_a_digest_decides_over_a_tag(bench, shell, image):
    bench.run("tagged", shell("sleep 60"))
    until(lambda: bench.is_ready("tagged"))
    digest = bench.status("tagged")["imageID"].partition("@")[2]
    bench.run("pinned", shell("sleep 60") | {"image": f"{bench.registry}/node-test:no-such-tag@{digest}"})
    until(lambda: bench.is_ready("pinned"))
    assert bench.status("pinned")["imageID"] == bench.status("tagged")["imageID"]
    for name in ("tagged", "pinned"):
        bench.delete(name, grace=0)
