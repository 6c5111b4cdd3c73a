# shellcheck shell=bash disable=SC2034
# Shared by the scripts of this directory: messages, packages, mounts, building. Sourced by bash
# with "set -euo pipefail". Everything can be done again; what is there already is left alone.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
llvm=${BCC_LLVM_VERSION:-19}

say() {
	printf '==> %s\n' "$*" >&2
}

warn() {
	printf 'warning: %s\n' "$*" >&2
}

die() {
	printf 'error: %s\n' "$*" >&2
	exit 1
}

# Runs a command, showing what it is (where its output may be thrown away, too).
run() {
	printf '    %s\n' "$*" >&2
	"$@"
}

check_llvm() {
	case $1 in
	14 | 19 | 22) ;;
	*) die "LLVM '$1' is not supported; it can be 14, 19 or 22" ;;
	esac
}

build_packages=(cmake ninja-build gcc g++ libc6-dev pkg-config libelf-dev zlib1g-dev libbpf-dev
	libmnl-dev liblua5.4-dev)
# The tests compile BPF fixtures with clang, run scripts with lua5.4, watch what perl does, look for
# processes (procps), give privileges away (util-linux), lay cables between network namespaces
# (iproute2), and compile with a real kernel's headers.
test_packages=(libcmocka-dev clang-19 lua5.4 lua-argparse perl procps util-linux iproute2
	"linux-headers-$(dpkg --print-architecture 2>/dev/null || echo amd64)")
# Tests on stock kernels (tests/vm): QEMU, what runs in the guest, what kernels are packed with.
vm_packages=(qemu-system-x86 busybox-static xz-utils zstd util-linux)

llvm_packages() {
	echo "llvm-$1-dev libclang-$1-dev"
}

missing_packages() {
	local package

	for package; do
		dpkg-query -W -f '${db:Status-Status}\n' "$package" 2>/dev/null |
			grep -qx installed || echo "$package"
	done
}

# Installs what is missing of the named packages. Says what went wrong and returns 1 if it cannot.
install_packages() {
	local missing

	if ! command -v dpkg-query >/dev/null; then
		warn "this is no Debian system; these packages, or what they are called here," \
			"must be installed: $*"
		return 0
	fi
	mapfile -t missing < <(missing_packages "$@")
	if [ ${#missing[@]} = 0 ]; then
		say "All packages are installed: $*"
		return 0
	fi
	if [ "$(id -u)" != 0 ]; then
		warn "only root can install packages; missing: ${missing[*]}"
		return 1
	fi
	say "Installing ${missing[*]}"
	export DEBIAN_FRONTEND=noninteractive
	run apt-get update -qq || warn "the package lists could not be updated"
	run apt-get install -y -qq --no-install-recommends "${missing[@]}" </dev/null >/dev/null &&
		return 0
	warn "these packages could not be installed: ${missing[*]}"
	return 1
}

mount_one() {
	local type=$1 where=$2

	if [ "$(stat -f -c %T "$where" 2>/dev/null)" = "$3" ]; then
		return 0
	fi
	[ -d "$where" ] && [ "$(id -u)" = 0 ] || return 1
	say "Mounting $type"
	run mount -t "$type" "$type" "$where"
}

mount_kernel_filesystems() {
	mount_one tracefs /sys/kernel/tracing tracefs ||
		warn "there is no tracefs at /sys/kernel/tracing: tracepoints cannot be used"
	mount_one bpf /sys/fs/bpf bpf_fs || warn "there is no BPF file system at /sys/fs/bpf"
	[ -r /sys/kernel/btf/vmlinux ] ||
		warn "the kernel does not tell its types (CONFIG_DEBUG_INFO_BTF)"
}

# build DIRECTORY LLVM [CMAKE-OPTION]... With progress on a terminal, otherwise silent.
build() {
	local dir=$1 version=$2 quiet=()

	shift 2
	[ -t 1 ] || quiet=(-- --quiet)
	say "Building in ${dir#"$root"/} with LLVM $version"
	run cmake --log-level=WARNING -S "$root" -B "$dir" -G Ninja \
		"-DBCC_LLVM_VERSION=$version" "$@" || die "the configuration failed"
	run cmake --build "$dir" "${quiet[@]}" || die "the build failed"
}
