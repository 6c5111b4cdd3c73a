# Every example runs and shows what it promises.

needs_tracing
found=0
for example in "$source"/examples/c/*.c; do
	name=$(basename "$example" .c)
	expect 0 "$build/examples/$name"
	[ -s .out ] || fail "$name says nothing"
	err_is </dev/null
	found=$((found + 1))
	case $name in
	count) out_has '^[0-9]+ made 10[0-9] system calls$' ;;
	events)
		out_has 'comm = "events", file = "/etc/hostname"'
		out_has '^3 files were opened$'
		;;
	esac
done

for example in "$source"/examples/bpf/*.c; do
	name=$(basename "$example" .c)
	expect 0 "$bpfcc" run "$example" -- cat /etc/hostname
	[ ! -s .err ] || fail "$name has something to complain of"
	found=$((found + 1))
	case $name in
	hello) out_has '^  \{comm = "cat"\} +-> +[0-9]+$' ;;
	opens) out_has " cat +[0-9]+ /etc/hostname$" ;;
	quickstart)
		out_has ' cat +exec +[^ ]*/cat$'
		out_has '^  \{comm = "cat"\} +-> +[0-9]+$'
		;;
	readsize) out_has '^comm = cat$' ;;
	esac
done

for example in "$source"/examples/lua/*.lua; do
	[ -e "$example" ] || break
	expect 0 "$bpfcc" run "$example"
	[ -s .out ] || fail "$(basename "$example") says nothing"
	found=$((found + 1))
done
[ $found -gt 5 ] || fail "only $found examples were found"
