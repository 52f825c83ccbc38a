"""The tasks: all of aks-flow's, from scripts/aks_flow/tasks/."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "scripts"))  # the package, wherever Invoke was started

from aks_flow.tasks import collection

namespace = collection()
