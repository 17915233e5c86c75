#!/usr/bin/env bash
# The server on a real Iris model: start-up and memory, then requests a second beside a minimal API with a fixed answer that is
# compiled the same way, and CPU per request beside the server of an earlier commit. All on the loopback, in short turns, so that
# whatever else the machine does meets all three; a ratio is the median of the rounds' ratios. Ends with an error below a floor.
# SECONDS_PER_RUN (1), ROUNDS (15), CONNECTIONS (32), STARTS (15), BEFORE=commit (the last one before Native AOT).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
duration=${SECONDS_PER_RUN:-1} rounds=${ROUNDS:-15} connections=${CONNECTIONS:-32} starts=${STARTS:-15} before=${BEFORE:-b7d1534}
readonly ready_ms=40 resident_mb=20 requests_ratio=0.9 cpu_ratio=1.2
# shellcheck source=../lib/common.sh
. hack/lib/common.sh
# shellcheck source=program.sh
. hack/bench/program.sh
ensure_commands wrk:wrk curl:curl
work=$(mktemp -d)
declare -A pid=() port=([serving]=18081 [before]=18082 [minimal]=18083)
missed=0
trap cleanup EXIT

cleanup() {
    ((${#pid[@]} == 0)) || kill "${pid[@]}" 2>/dev/null || true
    wait
    git worktree remove --force "$work/sources" 2>/dev/null || true
    rm -rf "$work"
}

main() {
    publish_all
    train
    measure_starts
    start serving run_server serving
    start before run_server before
    start minimal exec "$work/minimal/empty-kestrel" "${port[minimal]}"
    measure_rounds
    report
    ((missed == 0)) || die "a floor was missed"
}

publish_all() {
    publish_program src/ServingImage "$work/serving"
    publish_program tests/Benchmarks/EmptyKestrel "$work/minimal"
    git worktree add --quiet --detach "$work/sources" "$before" || die "there is no commit $before here; BEFORE=… names another one"
    publish_program "$work/sources/src/ServingImage" "$work/before"
    publish_program src/TrainerImage "$work/trainer-serving"
    publish_program "$work/sources/src/TrainerImage" "$work/trainer-before"
}

# The same trees for both, by the trainer of each: an older server does not read what a newer trainer writes.
train() {
    local each
    echo "==> training on config/samples/iris.csv"
    hack/native-libraries
    for each in serving before; do
        "$work/trainer-$each/train" config/samples "$work/model-$each" --param rounds=100 --param learningRate=0.3 --param maxDepth=3 \
            >"$work/train.log" 2>&1 || { cat "$work/train.log" >&2; exit 1; }
    done
}

# In the shell that is started for it: the process is the server itself, with the settings of its image.
run_server() {
    [[ $1 == before ]] || export DOTNET_GCgen0size=400000 DOTNET_ThreadPool_UnfairSemaphoreSpinLimit=0
    echo "$EPOCHREALTIME" >"$work/began"
    IRIS_MODEL_DIR="$work/model-$1" IRIS_PORT="${port[$1]}" IRIS_DRAIN_SECONDS=0 exec "$work/$1/iris-serving"
}

start() {
    local name=$1
    shift
    "$@" >/dev/null &
    pid[$name]=$!
    wait_until 10 "$name to start" curl -s "http://127.0.0.1:${port[$name]}/"
}

# From exec, whose time run_server writes down, to the first "ready", asked a thousand times a second; and the memory shortly after.
measure_starts() {
    local i to answer never
    exec {never}<> <(:)
    for ((i = 0; i < starts; i++)); do
        run_server serving >/dev/null &
        pid[serving]=$!
        until { exec 3<>"/dev/tcp/127.0.0.1/${port[serving]}"; } 2>/dev/null; do
            kill -0 "${pid[serving]}" 2>/dev/null || die "the server ended before it was ready"
            read -rt 0.001 -u "$never" || true
        done
        printf 'GET /readyz HTTP/1.1\r\nHost: bench\r\n\r\n' >&3
        read -r answer <&3
        to=$EPOCHREALTIME
        awk -v from="$(<"$work/began")" -v to="$to" 'BEGIN { printf "%.1f\n", (to - from) * 1000 }' >>"$work/ready.txt"
        [[ $answer == *" 200 "* ]] || die "not ready: $answer"
        sleep 0.3
        resident serving >>"$work/resident.txt"
        exec 3>&-
        kill "${pid[serving]}"
        wait "${pid[serving]}" || true
        unset "pid[serving]"
    done
}

resident() { awk '/VmRSS/ {printf "%.1f\n", $2 / 1024}' "/proc/${pid[$1]}/status"; }

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

measure_rounds() {
    local name round line figures
    echo "==> warming up, then $rounds rounds of $duration s each, $connections connections"
    for name in serving before minimal; do load "$name" >/dev/null; done
    for ((round = 1; round <= rounds; round++)); do
        line="    $round:"
        for name in serving before minimal; do
            figures=$(load "$name")
            echo "$figures" >>"$work/$name.txt"
            line+=" $name ${figures% *}/s ${figures#* } us"
        done
        echo "$line"
    done
}

median() { sort -n | awk '{v[NR] = $1} END {print v[int((NR + 1) / 2)]}'; }

# ratio <column> <name>   Of the server to another one, round by round.
ratio() { paste -d' ' "$work/serving.txt" "$work/$2.txt" | awk -v c="$1" '{print $c / $(c + 2)}' | median; }

# floor <what> <figure> <at-least|at-most> <limit>
floor() {
    local verdict=ok
    awk -v v="$2" -v l="$4" -v s="$3" 'BEGIN { exit !(s == "at-most" ? v <= l : v >= l) }' || { verdict=MISSED; missed=1; }
    printf '%-52s %8s   %s %s   %s\n' "$1" "$2" "${3/-/ }" "$4" "$verdict"
}

report() {
    local name
    for name in serving before minimal; do
        printf '%-8s median %d requests a second, %.2f us of CPU each, %s MB resident under load\n' "$name" \
            "$(cut -d' ' -f1 "$work/$name.txt" | median)" "$(cut -d' ' -f2 "$work/$name.txt" | median)" "$(resident "$name")"
    done
    floor "ready after exec, ms" "$(median <"$work/ready.txt")" at-most "$ready_ms"
    floor "resident before load, MB" "$(median <"$work/resident.txt")" at-most "$resident_mb"
    floor "requests a second / minimal API" "$(ratio 1 minimal)" at-least "$requests_ratio"
    floor "CPU per request / server of $before" "$(ratio 2 before)" at-most "$cpu_ratio"
}

main
