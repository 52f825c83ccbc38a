"""Argo CD's names: API group, annotations, finalizer, words of the status."""

GROUP = "argoproj.io"
API_VERSION = f"{GROUP}/v1alpha1"

TRACKING_ID = "argocd.argoproj.io/tracking-id"
REFRESH = "argocd.argoproj.io/refresh"  # normal or hard; taken off once done
SYNC_OPTIONS = "argocd.argoproj.io/sync-options"
COMPARE_OPTIONS = "argocd.argoproj.io/compare-options"
SYNC_WAVE = "argocd.argoproj.io/sync-wave"
IGNORE_HEALTH = "argocd.argoproj.io/ignore-healthcheck"
IGNORE_RESTART_POLICY = "argocd.argoproj.io/ignore-restart-policy"
HOOK = "argocd.argoproj.io/hook"
HOOK_DELETE_POLICY = "argocd.argoproj.io/hook-delete-policy"
HELM_HOOK = "helm.sh/hook"
HELM_WEIGHT = "helm.sh/hook-weight"
HELM_DELETE_POLICY = "helm.sh/hook-delete-policy"
DELETION_APPROVED = "argocd.argoproj.io/deletion-approved"
CASCADE = "resources-finalizer.argocd.argoproj.io"
SET_REFRESH = "argocd.argoproj.io/application-set-refresh"  # of an ApplicationSet; taken off once done
NOTIFIED = "notified.notifications.argoproj.io"
LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"

IN_CLUSTER = "https://kubernetes.default.svc"
IN_CLUSTER_NAME = "in-cluster"

SYNCED, OUT_OF_SYNC, UNKNOWN = "Synced", "OutOfSync", "Unknown"
RUNNING, SUCCEEDED, FAILED, ERROR = "Running", "Succeeded", "Failed", "Error"
TERMINATING = "Terminating"

COMPARISON_ERROR = "ComparisonError"
INVALID_SPEC = "InvalidSpecError"
SHARED_RESOURCE = "SharedResourceWarning"
EXCLUDED_RESOURCE = "ExcludedResourceWarning"
REPEATED_RESOURCE = "RepeatedResourceWarning"
SYNC_ERROR = "SyncError"
