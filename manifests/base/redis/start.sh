# Usage: sh start.sh [redis options]; the data directory is the working directory.
# The password reaches Redis as a hash on standard input: it stands in no process list and no file.
set -eu
hash=$(printf %s "$REDISCLI_AUTH" | sha256sum | cut -c 1-64)
exec redis-server "$(dirname "$0")/redis.conf" "$@" - <<CONFIG
user default on #$hash ~* &* +@all
CONFIG
