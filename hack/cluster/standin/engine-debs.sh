# shellcheck shell=bash
# What `engine` unpacks. Sourced, never run.

# Not installed: a Docker that the machine's owner installs later must find nothing of ours.
unpack_engine() {
    say "unpacking Debian's Docker"
    debs_init "$1"
    debs_unpack "$2" docker.io containerd runc tini libdevmapper1.02.1 libseccomp2
}
