#!/usr/bin/env bash
# Requests a second of the server on a real Iris model, beside two Kestrel endpoints that compute nothing: a bare one
# (the least that Kestrel can do) and a minimal API. All on the loopback, in short turns, so that whatever else the
# machine does meets all three; the ratio is the median of the rounds' ratios. What is started is stopped at the end.
# SECONDS_PER_RUN (1), ROUNDS (15), CONNECTIONS (32).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
duration=${SECONDS_PER_RUN:-1} rounds=${ROUNDS:-15} connections=${CONNECTIONS:-32}
# shellcheck source=../lib/common.sh
. hack/lib/common.sh
# shellcheck source=program.sh
. hack/bench/program.sh
ensure_commands wrk:wrk curl:curl
work=$(mktemp -d)
declare -A pid=() port=([serving]=18081 [bare]=18082 [minimal]=18083)
trap cleanup EXIT

cleanup() {
    ((${#pid[@]} == 0)) || kill "${pid[@]}" 2>/dev/null || true
    wait
    rm -rf "$work"
}

train() {
    echo "==> training on config/samples/iris.csv"
    hack/native-libraries
    publish_program src/TrainerImage "$work/trainer"
    "$work/trainer/train" config/samples "$work/model" >"$work/train.log" 2>&1 || { cat "$work/train.log" >&2; exit 1; }
}

start() {
    local name=$1
    shift
    "$@" >/dev/null &
    pid[$name]=$!
    wait_until 10 "$name to start" curl -s "http://127.0.0.1:${port[$name]}/"
}

# CPU of a process so far, in clock ticks of 10 ms.
ticks() { awk '{print $14 + $15}' "/proc/${pid[$1]}/stat"; }

# Prints requests a second and CPU microseconds a request.
load() {
    local name=$1 before requests report
    before=$(ticks "$name")
    report=$(wrk -t2 -c"$connections" -d"${duration}s" -s hack/bench/predict.lua "http://127.0.0.1:${port[$name]}/api/predict")
    ! grep -q 'Non-2xx' <<<"$report" || { echo "$report" >&2; return 1; }
    requests=$(awk '/requests in/ {print $1}' <<<"$report")
    awk -v r="$requests" -v t=$(($(ticks "$name") - before)) '/Requests\/sec/ {printf "%d %.2f\n", $2, t * 10000 / r}' <<<"$report"
}

median() { sort -n | awk '{v[NR] = $1} END {print v[int((NR + 1) / 2)]}'; }

publish_program src/ServingImage "$work/serving"
publish_program tests/Benchmarks/EmptyKestrel "$work/empty"
train
start serving env IRIS_MODEL_DIR="$work/model" IRIS_PORT="${port[serving]}" IRIS_DRAIN_SECONDS=0 "$work/serving/iris-serving"
start bare "$work/empty/empty-kestrel" bare "${port[bare]}"
start minimal "$work/empty/empty-kestrel" minimal "${port[minimal]}"

echo "==> warming up, then $rounds rounds of $duration s each, $connections connections"
for name in serving bare minimal; do
    load "$name" >/dev/null
done
for ((round = 1; round <= rounds; round++)); do
    line="    $round:"
    for name in serving bare minimal; do
        figures=$(load "$name")
        echo "$figures" >>"$work/$name.txt"
        line+=" $name ${figures% *}/s ${figures#* } us"
    done
    echo "$line"
done

for name in serving bare minimal; do
    printf '%-8s median %d requests a second, %.2f us of CPU each, %d MB resident\n' "$name" "$(cut -d' ' -f1 "$work/$name.txt" | median)" \
        "$(cut -d' ' -f2 "$work/$name.txt" | median)" "$(awk '/VmRSS/ {print int($2 / 1024)}' "/proc/${pid[$name]}/status")"
done
for name in bare minimal; do
    paste -d' ' "$work/serving.txt" "$work/$name.txt" | awk '{print $1 / $3}' | median | xargs printf 'serving / %s = %.3f\n' "$name"
done
