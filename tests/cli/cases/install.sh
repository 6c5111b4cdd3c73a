# What "cmake --install" puts somewhere works there: library, compiler and tools are found.

cmake --install "$build" --prefix "$tmp/usr" >/dev/null
cat >program.c <<'EOF'
#include <bcc/bcc.h>
#include <stdio.h>

int main(void)
{
	puts(bcc_version());
	return 0;
}
EOF
cc -I usr/include program.c -o program -L usr/lib -lbcc -Wl,-rpath,"$tmp/usr/lib"
./program >version
export PKG_CONFIG_PATH="$tmp/usr/lib/pkgconfig"
# shellcheck disable=SC2046 # It is a list of words.
cc program.c -o program $(pkg-config --cflags --libs libbcc) -Wl,-rpath,"$tmp/usr/lib"
./program | cmp - version
pkg-config --modversion libbcc | cmp - version
expect 0 usr/bin/bpfcc --version
echo "bpfcc $(cat version)" | out_is

tools=0
for tool in "$source"/tools/*.lua; do
	[ -e "$tool" ] || break
	tools=$((tools + 1))
done
echo 'return function(BPF) print(type(BPF)) end' >upstream.lua
expect 0 usr/bin/bpfcc run upstream.lua
echo table | out_is
expect 0 usr/bin/bpfcc --help
[ "$(sed -n '/^Tools:$/,/^$/p' .out | grep -c '^  ')" = $tools ] || fail "--help does not list the tools"

[ -r /sys/kernel/btf/vmlinux ] || skip "the kernel does not tell its types"
echo 'BPF_HASH(counts, u32);' >map.c
expect 0 usr/bin/bpfcc rewrite map.c

# The module in a stock Lua, from where it was installed.
command -v lua5.4 >/dev/null || skip "needs lua5.4"
cat >module.lua <<'EOF'
local bcc = require "bcc"
print(bcc.version)
print(bcc.rewrite { text = "BPF_HASH(counts, u32);" }:find("counts") ~= nil)
print(type(require("bcc.compat").run))
EOF
LUA_CPATH="$tmp/usr/lib/lua/5.4/?.so" \
LUA_PATH="$tmp/usr/share/lua/5.4/?.lua;$tmp/usr/share/lua/5.4/?/init.lua" expect 0 lua5.4 module.lua
{ cat version; echo true; echo function; } | out_is
