"""All of aks-flow's tasks. A project that has it installed needs no path, and adds its own tasks here."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "scripts"))  # the package, wherever Invoke was started

from aks_flow import collection

namespace = collection()
