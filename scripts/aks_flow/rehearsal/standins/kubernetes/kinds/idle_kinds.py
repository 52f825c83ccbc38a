"""Kinds that a standard server serves and that no code here names: stored, and without effect."""

from collections.abc import Iterator

from aks_flow.rehearsal.standins.kubernetes.apimachinery.kind import Kind

# Kind, plural and short name; then what holds besides "namespaced": cluster, status, approval, generation.
_TABLE = {
    ("admissionregistration.k8s.io/v1", "no request is changed or refused by it"): """
        MutatingAdmissionPolicy            mutatingadmissionpolicies           -    cluster generation
        MutatingAdmissionPolicyBinding     mutatingadmissionpolicybindings     -    cluster generation
        MutatingWebhookConfiguration       mutatingwebhookconfigurations       -    cluster generation
        ValidatingWebhookConfiguration     validatingwebhookconfigurations     -    cluster generation
    """,
    ("apiregistration.k8s.io/v1", "no requests are passed on to it"): """
        APIService                         apiservices                         -    cluster status
    """,
    ("certificates.k8s.io/v1", "nothing is signed"): """
        CertificateSigningRequest          certificatesigningrequests          csr  cluster status approval
    """,
    ("flowcontrol.apiserver.k8s.io/v1", "requests are served as they come"): """
        FlowSchema                         flowschemas                         -    cluster generation status
        PriorityLevelConfiguration         prioritylevelconfigurations         -    cluster generation status
    """,
    ("networking.k8s.io/v1", "addresses are given out from the rehearsal's own network"): """
        IPAddress                          ipaddresses                         ip   cluster
        ServiceCIDR                        servicecidrs                        -    cluster status
    """,
    ("node.k8s.io/v1", "every pod runs as the engine runs containers"): """
        RuntimeClass                       runtimeclasses                      -    cluster
    """,
    ("resource.k8s.io/v1", "no device is given to a pod"): """
        DeviceClass                        deviceclasses                       -    cluster generation
        ResourceClaim                      resourceclaims                      -    status
        ResourceClaimTemplate              resourceclaimtemplates              -
        ResourceSlice                      resourceslices                      -    cluster generation
    """,
    ("storage.k8s.io/v1", "no driver is asked for a volume"): """
        CSIDriver                          csidrivers                          -    cluster
        CSINode                            csinodes                            -    cluster
        CSIStorageCapacity                 csistoragecapacities                -
        VolumeAttachment                   volumeattachments                   -    cluster status
        VolumeAttributesClass              volumeattributesclasses             vac  cluster
    """,
}


def every() -> Iterator[Kind]:
    for (api_version, idle), rows in _TABLE.items():
        for row in rows.strip().splitlines():
            yield _kind(api_version, idle, *row.split())


def _kind(api_version: str, idle: str, name: str, plural: str, short_name: str, *traits: str) -> Kind:
    group, _, version = api_version.rpartition("/")
    return Kind(
        *(group, version, name, plural, name.lower()),
        short_names=() if short_name == "-" else (short_name,),
        namespaced="cluster" not in traits,
        subresources=tuple(subresource for subresource in ("approval", "status") if subresource in traits),
        generation="spec" if "generation" in traits else "",
        idle=idle,
    )
