"""gunicorn's settings; it reads this file from the directory it is started in."""

from vote.lifecycle import drain_seconds
from vote.logs import CONFIG

wsgi_app = "vote.app:create_app()"
bind = "0.0.0.0:8080"
worker_class = "vote.worker.DrainingWorker"
workers = 1  # metrics are kept in the process; the cluster adds pods, not processes
threads = 8
keepalive = 30
graceful_timeout = int(drain_seconds()) + 20
worker_tmp_dir = "/dev/shm"  # memory: a slow disk must not look like a dead worker
control_socket_disable = True
logconfig_dict = CONFIG
