"""What a Pod says about a container, seen from inside it."""

import json

from aks_flow.rehearsal.standins.kubernetes.kinds import kinds
from tests.e2e.node.bench import docker, until

SLEEP = "trap 'exit 0' TERM; while :; do sleep 0.1; done"


def test_a_container_has_the_environment_its_pod_describes(bench, shell):
    bench.config_map("settings", COLOUR="blue", greeting="hello")
    bench.secret("keys", token="s3cret")
    env = [
        {"name": "GREETING", "valueFrom": {"configMapKeyRef": {"name": "settings", "key": "greeting"}}},
        {"name": "TOKEN", "valueFrom": {"secretKeyRef": {"name": "keys", "key": "token"}}},
        {"name": "NAME", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}},
        {"name": "IP", "valueFrom": {"fieldRef": {"fieldPath": "status.podIP"}}},
        {
            "name": "MEMORY",
            "valueFrom": {"resourceFieldRef": {"resource": "limits.memory", "divisor": "1Mi"}},
        },
        {"name": "WHOLE", "value": "$(GREETING) $(NAME) $$(NAME) $(UNKNOWN)"},
    ]
    source = [{"configMapRef": {"name": "settings"}, "prefix": "S_"}]
    limits = {"limits": {"memory": "64Mi"}}
    bench.run("env", shell(SLEEP, env=env, envFrom=source, resources=limits))
    until(lambda: bench.is_ready("env"))
    values = dict(line.split("=", 1) for line in bench.sh("env", "env").splitlines())
    assert values["S_COLOUR"] == "blue"
    assert values["TOKEN"] == "s3cret"
    assert values["IP"] == bench.pod("env")["status"]["podIP"]
    assert values["MEMORY"] == "64"
    assert values["WHOLE"] == "hello env $(NAME) $(UNKNOWN)"
    bench.delete("env", grace=0)


def test_a_missing_secret_is_a_config_error_that_heals(bench, shell):
    env = [{"name": "P", "valueFrom": {"secretKeyRef": {"name": "late", "key": "password"}}}]
    bench.run("heals", shell(SLEEP, env=env))
    until(lambda: bench.waiting("heals") == "CreateContainerConfigError")
    assert bench.status("heals")["state"]["waiting"]["message"] == 'secret "late" not found'
    assert ("Failed", 'Error: secret "late" not found') in bench.events("heals")
    bench.secret("late", other="x")
    text = "couldn't find key password in Secret default/late"
    until(lambda: bench.status("heals")["state"].get("waiting", {}).get("message") == text)
    secret = bench.call(bench.objects.get, kinds.SECRET, "default", "late")
    secret["data"]["password"] = "cGFzcw=="
    bench.call(bench.objects.update, kinds.SECRET, secret)
    until(lambda: bench.is_ready("heals"))
    bench.delete("heals", grace=0)


def test_config_map_and_secret_volumes_follow_their_objects(bench, shell):
    bench.config_map("files", key="one", other="x")
    bench.secret("hidden", token="s3cret")
    volumes = [
        {
            "name": "files",
            "configMap": {"name": "files", "items": [{"key": "key", "path": "a/b", "mode": 0o440}]},
        },
        {"name": "hidden", "secret": {"secretName": "hidden", "defaultMode": 0o400}},
    ]
    mounts = [{"name": "files", "mountPath": "/files"}, {"name": "hidden", "mountPath": "/hidden"}]
    bench.run("mounted", shell(SLEEP, volumeMounts=mounts), volumes=volumes)
    until(lambda: bench.is_ready("mounted"))
    assert bench.sh("mounted", "cat /files/a/b; stat -Lc %a /files/a/b /hidden/token") == "one440\n400"
    change = {"key": "two"}
    bench.call(
        bench.objects.modify, kinds.CONFIG_MAP, "default", "files", lambda each: each["data"].update(change)
    )
    until(lambda: bench.sh("mounted", "cat /files/a/b") == "two")
    bench.delete("mounted", grace=0)


def test_a_user_that_is_not_root_writes_to_its_volumes_and_nowhere_else(bench, shell):
    volumes = [
        {"name": "disk", "emptyDir": {}},
        {"name": "memory", "emptyDir": {"medium": "Memory", "sizeLimit": "1Mi"}},
    ]
    mounts = [{"name": "disk", "mountPath": "/disk"}, {"name": "memory", "mountPath": "/memory"}]
    context = {
        "runAsNonRoot": True,
        "runAsUser": 10001,
        "readOnlyRootFilesystem": True,
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
        "seccompProfile": {"type": "RuntimeDefault"},
    }
    pod_context = {"fsGroup": 2000}
    bench.run(
        "strict",
        shell(SLEEP, volumeMounts=mounts, securityContext=context),
        volumes=volumes,
        securityContext=pod_context,
    )
    until(lambda: bench.is_ready("strict"))
    assert bench.sh("strict", "id -u; id -G") == "10001\n0 2000"
    assert (
        bench.sh("strict", "for d in /disk /memory; do touch $d/f; stat -c '%g' $d/f; done") == "2000\n2000"
    )
    assert bench.sh("strict", "touch /x 2>&1 || true").endswith("Read-only file system")
    assert bench.sh("strict", "grep -E 'NoNewPrivs|CapEff' /proc/self/status | tr '\\t' ' '") == (
        "CapEff: 0000000000000000\nNoNewPrivs: 1"
    )
    assert bench.sh("strict", "df -k /memory | tail -1 | awk '{print $2}'") == "1024"
    assert bench.status("strict")["user"]["linux"] == {
        "uid": 10001,
        "gid": 0,
        "supplementalGroups": [0, 2000],
    }
    bench.delete("strict", grace=0)


def test_an_image_of_root_is_refused_where_root_may_not_run(bench, shell):
    bench.run("root", shell(SLEEP, securityContext={"runAsNonRoot": True}))
    until(lambda: bench.waiting("root") == "CreateContainerConfigError")
    message = bench.status("root")["state"]["waiting"]["message"]
    assert message.startswith("container has runAsNonRoot and image will run as root (pod: ")
    bench.delete("root", grace=0)


def test_limits_reach_the_container_and_too_much_memory_is_killed(bench, shell):
    resources = {"limits": {"memory": "32Mi", "cpu": "250m"}, "requests": {"cpu": "100m", "memory": "16Mi"}}
    eat = shell("python3 -c 'bytearray(200 << 20)'; exit $?", resources=resources)
    bench.run("eater", eat, restartPolicy="Never")
    until(lambda: bench.phase("eater") == "Failed")
    assert bench.status("eater")["state"]["terminated"]["exitCode"] == 137
    container = bench.status("eater")["containerID"].removeprefix("docker://")
    settings = json.loads(docker("inspect", "--format", "{{json .HostConfig}}", container))
    assert (settings["Memory"], settings["CpuQuota"], settings["CpuShares"]) == (32 << 20, 25000, 102)
    assert settings["OomScoreAdj"] == 0
    assert bench.pod("eater")["status"]["qosClass"] == "Burstable"


def test_a_claim_keeps_its_data_from_pod_to_pod_until_it_is_deleted(bench, shell):
    spec = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Mi"}}}
    bench.create(kinds.PERSISTENT_VOLUME_CLAIM, "data", spec=spec)
    volumes = [{"name": "data", "persistentVolumeClaim": {"claimName": "data"}}]
    fields = {
        "volumeMounts": [{"name": "data", "mountPath": "/data"}],
        "securityContext": {"runAsUser": 10001},
    }
    bench.run("writer", shell("echo kept > /data/f", **fields), volumes=volumes, restartPolicy="Never")
    until(lambda: bench.phase("writer") == "Succeeded")
    bench.delete("writer")
    bench.run("reader", shell("cat /data/f", **fields), volumes=volumes, restartPolicy="Never")
    until(lambda: bench.phase("reader") == "Succeeded")
    assert bench.logs("reader") == "kept\n"
    bench.delete("reader")
    bench.call(bench.objects.delete, kinds.PERSISTENT_VOLUME_CLAIM, "default", "data")
    label = f"label=aks-flow.rehearsal={bench.id}"
    until(
        lambda: not docker("volume", "ls", "--quiet", "--filter", label, "--filter", "label=aks-flow.claim")
    )


def test_a_folder_of_a_claim_can_be_mounted_and_belongs_to_the_pods_group(bench, shell):
    spec = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Mi"}}}
    bench.create(kinds.PERSISTENT_VOLUME_CLAIM, "shared", spec=spec)
    mounts = [
        {"name": "data", "mountPath": "/whole"},
        {"name": "data", "mountPath": "/part", "subPath": "deep/part"},
    ]
    own = shell(SLEEP, volumeMounts=mounts, securityContext={"runAsUser": 10001})
    volumes = [{"name": "data", "persistentVolumeClaim": {"claimName": "shared"}}]
    bench.run("shared", own, volumes=volumes, securityContext={"fsGroup": 2000})
    until(lambda: bench.is_ready("shared"))
    assert bench.sh("shared", "echo x > /part/f; cat /whole/deep/part/f; stat -c %g /whole") == "x\n2000"
    bench.delete("shared", grace=0)
    bench.call(bench.objects.delete, kinds.PERSISTENT_VOLUME_CLAIM, "default", "shared")


def test_a_host_path_is_refused_with_an_event(bench, shell):
    volumes = [{"name": "host", "hostPath": {"path": "/"}}]
    bench.run("host", shell(SLEEP), volumes=volumes)
    text = (
        'MountVolume.SetUp failed for volume "host" : '
        "hostPath volumes are not available in the rehearsal cluster"
    )
    until(lambda: ("FailedMount", text) in bench.events("host"))
    assert bench.waiting("host") == "ContainerCreating"
    bench.delete("host")
    until(lambda: bench.pod("host") is None)


def test_command_and_arguments_replace_the_images_as_kubernetes_says(bench, image):
    container = {
        "image": image,
        "command": ["echo", "$(WORD)"],
        "args": ["one two", "$(MISSING)"],
        "env": [{"name": "WORD", "value": "said"}],
        "imagePullPolicy": "Always",
        "workingDir": "/tmp",
    }
    bench.run("words", container, restartPolicy="Never")
    until(lambda: bench.phase("words") == "Succeeded")
    assert bench.logs("words") == "said one two $(MISSING)\n"
    messages = [message for reason, message in bench.events("words") if reason in ("Pulling", "Pulled")]
    assert messages[0] == f'Pulling image "{image}"'
    assert messages[1].startswith(f'Successfully pulled image "{image}" in ')
