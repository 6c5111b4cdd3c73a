# Help, version, and the ways to be used wrongly.

expect 0 "$bpfcc" --version
grep -Eqx 'bpfcc [0-9]+\.[0-9]+\.[0-9]+' .out || fail "the version is not a version"

expect 0 "$bpfcc" --help
err_is </dev/null
mv .out overview
sed '/^Tools:$/,/^$/d' overview >.out
out_is <<'EOF'
Usage: bpfcc COMMAND [ARGS]
       bpfcc TOOL [ARGS]

Runs tracing programs written in BPF C, and tracing tools.

Commands:
  run            compile and run a BPF C file or a Lua script
  check          compile BPF C files and let the kernel verify them
  test           run one program on given bytes, attached to nothing
  list           list what there is to attach to, by a glob
  features       try what this kernel can do for BPF
  build          compile a BPF C file into an object for any kernel
  rewrite        print a BPF C file as plain libbpf C
  man            write the manual page of a tool
  completion     write what makes a shell complete the tools
  help           show this overview, or the help of a command or tool

bpfcc COMMAND --help tells more, with examples. bpfcc --version prints the version.
Exit codes: 0 success, 1 failure, 2 wrong usage, 3 a privilege is missing, 4 the kernel
lacks something, 5 the text does not compile or the kernel's verifier rejects it.
EOF
for tool in "$source"/tools/*.lua; do
	[ -e "$tool" ] || continue
	name=$(basename "$tool" .lua)
	grep -Eq "^  $name +[^ ]" overview || fail "--help says nothing of the tool $name"
done

expect 0 "$bpfcc" help
cmp -s .out overview || fail "help is not --help"

for command in run check test list features build rewrite man completion help; do
	expect 0 "$bpfcc" $command --help
	out_has "^Usage: bpfcc $command"
	out_has '^Examples:$'
	mv .out help
	expect 0 "$bpfcc" help $command
	cmp -s .out help || fail "help $command is not $command --help"
done

# What is written after bpfcc, and the one line that it gets.
usage() {
	expect 2 "$bpfcc" "$@"
	out_is </dev/null
	err_is
}
usage <<'EOF'
bpfcc: no command; see bpfcc --help
EOF
usage --nothing <<'EOF'
bpfcc: unknown option '--nothing'; see bpfcc --help
EOF
usage rnu <<'EOF'
bpfcc: there is no command or tool 'rnu'; did you mean 'run'; see bpfcc --help
EOF
usage ../run <<'EOF'
bpfcc: there is no command or tool '../run'; see bpfcc --help
EOF
usage help nothing <<'EOF'
bpfcc: there is no command or tool 'nothing'; see bpfcc --help
EOF
usage run <<'EOF'
bpfcc run: no file; see bpfcc run --help
EOF
usage run -x a.c <<'EOF'
bpfcc run: unknown option '-x'; see bpfcc run --help
EOF
usage run --durations 1 a.c <<'EOF'
bpfcc run: unknown option '--durations'; see bpfcc run --help
EOF
usage run a.c -d <<'EOF'
bpfcc run: option '-d' needs an argument; see bpfcc run --help
EOF
usage run -d soon a.c <<'EOF'
bpfcc run: --duration 'soon' is not a number of seconds; see bpfcc run --help
EOF
usage run -p 0 a.c <<'EOF'
bpfcc run: --pid '0' is not a process id; see bpfcc run --help
EOF
usage run a.c b.c <<'EOF'
bpfcc run: one file only: what is 'b.c'? A command follows after --; see bpfcc run --help
EOF
usage run a.c -- <<'EOF'
bpfcc run: no command after --; see bpfcc run --help
EOF
usage run -d 1 a.lua <<'EOF'
bpfcc run: options of a script stand after its name; see bpfcc run --help
EOF
usage man <<'EOF'
bpfcc man: of which tool?; see bpfcc man --help
EOF
usage man opensnop <<'EOF'
bpfcc: there is no command or tool 'opensnop'; did you mean 'opensnoop'; see bpfcc --help
EOF
usage completion tcsh <<'EOF'
bpfcc completion: 'tcsh' is none of bash, zsh, fish; see bpfcc completion --help
EOF
usage rewrite <<'EOF'
bpfcc rewrite: no file; see bpfcc rewrite --help
EOF
usage rewrite a.c b.c <<'EOF'
bpfcc rewrite: one file only: what is 'b.c'?; see bpfcc rewrite --help
EOF

expect 1 "$bpfcc" run missing.c
err_is <<'EOF'
bpfcc: error: cannot read missing.c: No such file or directory
EOF
printf 'int a;\0int b;' >nul.c
expect 1 "$bpfcc" run nul.c
err_is <<'EOF'
bpfcc: error: nul.c is not text: it has a NUL byte
EOF
if "$bpfcc" --help >/dev/full 2>.err; then
	fail "a full disk is no failure"
fi
err_is <<'EOF'
bpfcc: error: cannot write the output: No space left on device
EOF
