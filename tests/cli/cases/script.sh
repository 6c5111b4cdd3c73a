# bpfcc run FILE.lua: arguments, modules, and how each kind of error looks.

cat >args.lua <<'EOF'
local words = require("words")
assert(type(require("bcc")) == "table")
print(arg[0], arg[1], arg[2], select("#", ...), words.greeting)
EOF
echo 'return { greeting = "hello" }' >words.lua
expect 0 "$bpfcc" run args.lua --json -x
out_is <<'EOF'
args.lua	--json	-x	2	hello
EOF

# Neither the environment nor the current directory says what is loaded.
mkdir other
echo 'error("loaded from the current directory")' >other/words.lua
cd other
LUA_PATH="$PWD/?.lua" LUA_PATH_5_4="$PWD/?.lua" expect 0 "$bpfcc" run ../args.lua
cd ..

echo 'local t' >index.lua
echo 'print(t.x)' >>index.lua
expect 1 "$bpfcc" run index.lua
err_has '^bpfcc: error: index.lua:2: attempt to index a nil value'
err_has '^stack traceback:$'
echo 'print(' >broken.lua
expect 1 "$bpfcc" run broken.lua
err_is <<'EOF'
bpfcc: error: broken.lua:2: unexpected symbol near <eof>
EOF
expect 1 "$bpfcc" run missing.lua
err_is <<'EOF'
bpfcc: error: cannot open missing.lua: No such file or directory
EOF
echo 'os.exit(7)' >exit.lua
expect 7 "$bpfcc" run exit.lua

# Scripts in the shape of BCC's Lua return a function, which is called with BPF and utils.
cat >upstream.lua <<'EOF'
local ffi = require("ffi")
return function(BPF, utils)
	print("%s %d %s" % { arg[1], 7.0, ffi.string(ffi.new("char[?]", 8, "text")) })
	print(type(BPF.new), type(utils.posix.time_ns()))
end
EOF
expect 0 "$bpfcc" run upstream.lua first
out_is <<'EOF'
first 7 text
function	number
EOF

[ -r /sys/kernel/btf/vmlinux ] || skip "the kernel does not tell its types"
cat >bpf.lua <<'EOF'
require("bcc").BPF{ text = "BPF_HASH(counts, u32)\n" }
EOF
expect 5 "$bpfcc" run bpf.lua
err_has "^error: expected ';' after top level declarator$"
err_has '^ 1 \| BPF_HASH\(counts, u32\)$'
! grep -q traceback .err || fail "a traceback for an error of the BPF text"
