# shellcheck shell=bash
# Sourced by the benchmarks, never run; uses hack/lib/common.sh.

# publish_program <project> <folder>   The same build that goes into the images. No build server outlives it.
publish_program() {
    local output
    ensure_linker
    say "publishing $1"
    output=$(dotnet publish "$1" -c Release -r linux-x64 -o "$2" --disable-build-servers -p:RunAnalyzers=false --nologo -v quiet 2>&1) ||
        { printf '%s\n' "$output" >&2; die "publishing $1 failed; see above"; }
}
