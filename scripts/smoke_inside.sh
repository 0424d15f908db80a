#!/bin/sh
# Runs inside the image: start each kind of process that it must support, then the command of its health check.
set -eu
export DATA_DIR=/tmp/try PORT=18080
for absent in node npm; do ! command -v $absent || { echo "$absent is in the image"; exit 1; }; done
test "$(id -un)" = verbatim
mkdir -p "$DATA_DIR/redis"
test "$(python -m speechserver.models "$DATA_DIR/models")" = 'Whisper base'
python manage.py migrate --no-input --verbosity 0
python manage.py setup_instance

python -m project.embedded_redis &
redis=$!
python -m project.web &
web=$!
python manage.py rqworker default --skip-checks >/dev/null 2>&1 &
worker=$!
STT_API_KEY=try python -m speechserver --port 18081 --limits none --data "$DATA_DIR/speech" &
speech=$!
trap 'kill $speech $web $worker $redis 2>/dev/null || true; wait $speech $worker $redis || true' EXIT

tries=0
until python -m project.web.health_probe 2>/dev/null; do
  tries=$((tries + 1))
  [ $tries -lt 100 ] || { python -m project.web.health_probe; exit 1; }
  sleep 0.2
done
kill -0 $worker

transcribes() {
  python - <<'END'
import json, urllib.request
request = urllib.request.Request("http://127.0.0.1:18081/health", headers={"Authorization": "Bearer try"})
assert json.load(urllib.request.urlopen(request))["engine"] == "Whisper base"
END
}
tries=0
until transcribes 2>/dev/null; do
  tries=$((tries + 1))
  [ $tries -lt 100 ] || { transcribes; exit 1; }
  sleep 0.5
done
kill $web
wait $web
echo 'The image works.'
