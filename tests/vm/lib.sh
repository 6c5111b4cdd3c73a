# shellcheck shell=bash disable=SC2034
# Shared by the scripts of this directory: where prepared kernels are, what they are called, exit
# codes. Sourced by bash with "set -euo pipefail".

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=scripts/lib.sh
. "$here/../../scripts/lib.sh"

# Prepared kernels: one directory each, made anew when it is missing or damaged.
cache=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/bcc-vm

kernels=(5.10 6.1 6.12 6.17 newest)

exit_usage=2
exit_unavailable=77
exit_timeout=124
exit_guest=125

# Ends the script: this machine lacks what a virtual machine needs.
unavailable() {
	printf 'vm: %s\n' "$*" >&2
	exit "$exit_unavailable"
}

need_commands() {
	local command

	for command; do
		command -v "$command" >/dev/null ||
			unavailable "there is no '$command' here; Debian's packages are:" \
				"${vm_packages[*]}"
	done
}

is_kernel() {
	local name

	for name in "${kernels[@]}"; do
		[ "$name" != "$1" ] || return 0
	done
	return 1
}
