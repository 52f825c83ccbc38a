"""The process of a pod: `python3 -m vote`. Settings come from the environment (config.py, server.py)."""

import logging.config
import os

from vote.app import create_apps
from vote.logs import CONFIG
from vote.server import Listeners, serve

logging.config.dictConfig(CONFIG)
serve(create_apps(os.environ), Listeners.from_environ(os.environ))
