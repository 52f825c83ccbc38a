# Makes the database if there is none yet, and runs it. The password is that of the user `shop`, over the network;
# within the pod none is asked for. A database that was made in part counts for nothing.
set -eu
programs=/usr/lib/postgresql/15/bin
if [ ! -d /data/main ]; then
    rm -rf /data/new
    printf '%s' "$DATABASE_PASSWORD" >/tmp/password
    "$programs/initdb" --pgdata=/data/new --username=shop --pwfile=/tmp/password --auth-local=trust \
        --auth-host=scram-sha-256 --encoding=UTF8 --locale=C
    rm /tmp/password
    echo 'host all all all scram-sha-256' >>/data/new/pg_hba.conf
    mv /data/new /data/main
fi
# PostgreSQL wants its folder to itself; fsGroup opens it to the group whenever a pod mounts the volume again.
chmod 700 /data/main
exec "$programs/postgres" -D /data/main -c listen_addresses='*' -c unix_socket_directories=/tmp
