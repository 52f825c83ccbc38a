"""`rehearse --show`: what the terminal is told, on a page, as it happens and afterwards.

`recording` writes down what the steps say, `pods` and the load add what they see; `server` shows the file,
and makes the report of it when the run has ended, however it has. `live` starts that beside a run.
"""
