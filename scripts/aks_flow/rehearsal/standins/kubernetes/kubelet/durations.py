"""Durations as Go prints them, which is how kubelet's messages have them."""


def go_duration(seconds: float) -> str:
    """80 -> ``1m20s``, 300 -> ``5m0s``, 0.128 -> ``128ms``, 2.5 -> ``2.5s``."""
    if seconds < 1:
        return f"{round(seconds * 1000)}ms"
    if seconds < 60:
        return f"{seconds:.3f}".rstrip("0").rstrip(".") + "s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}h{minutes}m{rest}s" if hours else f"{minutes}m{rest}s"
