# Usage: sh start.sh [redis options]; the data directory is the working directory.
# The password reaches Redis as a hash on standard input: it stands in no process list and no file.
# The user may do what app/vote/store.py and the probes do, and nothing else. It is `default`, and no user of its own
# name, so that pods of the version before and after get in while this one is delivered or taken back.
set -eu
hash=$(printf %s "$REDISCLI_AUTH" | sha256sum | cut -c 1-64)
exec redis-server "$(dirname "$0")/redis.conf" "$@" - <<CONFIG
user default reset on #$hash ~votes +ping +hincrby +hmget
CONFIG
