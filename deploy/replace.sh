#!/usr/bin/env bash
# Replaces the instances of these services one after another, so that one of two serves meanwhile. The new ones have the
# current images, settings and secrets. `docker compose up` would stop all of a service at once. It may be repeated when it
# was interrupted.
#   bash deploy/replace.sh auth-service user-service notes-service gateway
set -euo pipefail

up() { docker compose up --detach --wait --no-deps "$@"; }

for service in "$@"; do
  # After an interruption, an instance may be missing.
  up --no-recreate "$service"
  old=$(docker compose ps --quiet "$service")
  if (( $(wc -w <<<"$old") > 2 )); then
    echo "$service has more than two instances: compose would replace the others together." >&2
    exit 1
  fi
  # Compose gives the number of the last one to its successor. So the names that Caddy has for the gateways stay.
  last=$(docker compose ps --format '{{.Name}}' "$service" | sort -V | tail -n 1)
  docker stop "$last"
  docker rm --volumes "$last"
  up --no-recreate "$service"
  up "$service"
  # Compose leaves a container as it is when only a file with a secret has changed.
  for container in $(docker compose ps --quiet "$service"); do
    if [[ $old == *$container* ]]; then
      docker restart "$container"
      up --no-recreate "$service"
    fi
  done
done
