"""The programs that a rehearsal and the tests start: which are lacking, and what brings them."""
