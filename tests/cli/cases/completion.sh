# Completion as the shells see it, and the manual pages as groff does.

expect 0 "$bpfcc" completion bash
err_is </dev/null
cp .out complete.bash
cat >ask.bash <<'EOF'
# ask WORD...: what bash offers for the last word.
source ./complete.bash
ask() {
	COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
	if [ "$1" = bpfcc ]; then _bpfcc bpfcc; else _bpfcc_named "$1"; fi
	echo "${COMPREPLY[*]}"
}
ask "$@"
EOF
offers() {
	local expected=$1
	shift
	[ "$(bash ask.bash "$@")" = "$expected" ] || fail "$*: $(bash ask.bash "$@"), not $expected"
}
offers opensnoop bpfcc opens
offers rewrite bpfcc rewr
offers rewrite bpfcc help rewr
offers 'bash' bpfcc completion b
offers '--failed' bpfcc opensnoop --fa
offers '--failed' opensnoop --fa
offers '--failed' /usr/bin/opensnoop --fa
offers 'table wide json csv' opensnoop --format ''
offers 'json' opensnoop --format = j
offers 'warn' syscount --lost w
offers '' opensnoop --netns ''
offers '--exact' bpfcc rewrite --exa
touch some-file
offers some-file opensnoop -o some
offers some-file bpfcc rewrite some
[[ " $(bash ask.bash opensnoop -p '') " == *" $$ "* ]] || fail "no process ids for -p"
[[ " $(bash ask.bash opensnoop -- prin) " == *" printf "* ]] || fail "no commands behind --"

expect 0 "$bpfcc" completion zsh
if command -v zsh >/dev/null; then
	zsh -n .out || fail "zsh does not take its completion"
fi
expect 0 "$bpfcc" completion fish
if command -v fish >/dev/null; then
	fish --no-execute .out || fail "fish does not take its completion"
	[ "$(fish -c 'source .out; complete -C "opensnoop --fai"' | cut -f 1)" = --failed ] ||
		fail "fish does not complete --failed"
	[ "$(fish -c 'source .out; complete -C "bpfcc opensnoop --format j"' | cut -f 1)" = json ] ||
		fail "fish does not complete --format"
fi

for tool in "$source"/tools/*.lua; do
	name=$(basename "$tool" .lua)
	expect 0 "$bpfcc" man "$name"
	err_is </dev/null
	out_has "^\.TH ${name^^} 8"
	if command -v groff >/dev/null; then
		groff -man -Tascii -ww -z .out 2>warnings || fail "groff refuses the page of $name"
		[ ! -s warnings ] || fail "groff of the page of $name: $(cat warnings)"
	fi
done
