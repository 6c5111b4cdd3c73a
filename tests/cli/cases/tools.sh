# A tool by its name, through a symlink of its name, and its help.

for tool in "$source"/tools/*.lua; do
	[ -e "$tool" ] || skip "there are no tools"
	name=$(basename "$tool" .lua)
	expect 0 "$bpfcc" "$name" --help
	err_is </dev/null
	out_has '[Uu]sage'
	mv .out help
	expect 0 "$bpfcc" help "$name"
	cmp -s .out help || fail "help $name is not $name --help"
	ln -s "$bpfcc" "$name"
	expect 0 "./$name" --help
	out_has '[Uu]sage'
	expect 2 "$bpfcc" "$name" --no-such-option
done
