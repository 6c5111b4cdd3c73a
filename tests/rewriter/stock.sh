#!/bin/bash
# What the rewriter prints is plain libbpf C: each golden result must compile with stock clang and
# libbpf's own headers, without a warning that is not about unused types.
#   stock.sh CLANG CASES INCLUDE, the directory of the C library's headers for this architecture
set -u
clang=$1 cases=$2 include=$3
ok=0 failed=0
out=$(mktemp) || exit 1
trap 'rm -f "$out"' EXIT

for expected in "$cases"/*.expected; do
	grep -q '^--- diagnostics ---' "$expected" && continue
	if "$clang" -target bpf -mcpu=v3 -O2 -g -Wall -Werror -Wno-unused-function -Wno-unused-variable \
		-Wno-missing-declarations -Wno-uninitialized -Wno-unknown-warning-option \
		-Wno-default-const-init-var-unsafe -Wno-int-conversion -Wno-unused-value \
		-I"$include" -x c -c "$expected" -o "$out"; then
		ok=$((ok + 1))
	else
		echo "not ok: $expected" >&2
		failed=$((failed + 1))
	fi
done
echo "$ok compile, $failed do not"
[ "$ok" -gt 0 ] && [ "$failed" -eq 0 ]
