#compdef bpfcc sample
# zsh completion for bpfcc and its tools.
_bpfcc_tool() {
	case $1 in
	sample) _arguments -s -S \
		'*-p+[only these processes]:pid:_pids' '*--pid=[only these processes]:pid:_pids' \
		'--netns=[only this network namespace, also by its name]:ns: ' \
		'-m+[how\: \[fast\] or slow]:mode:(fast slow)' '--mode=[how\: \[fast\] or slow]:mode:(fast slow)' \
		'-x[only what failed; it'\''s rare]' '--failed[only what failed; it'\''s rare]' \
		'-i+[report every SEC seconds]:sec: ' '--interval=[report every SEC seconds]:sec: ' \
		'-c+[end after N events or reports]:n: ' '--count=[end after N events or reports]:n: ' \
		'-d+[end after SEC seconds]:sec: ' '--duration=[end after SEC seconds]:sec: ' \
		'-T-[show when\: rel, abs, iso or ns]::mode:(rel abs iso ns)' '--timestamp=-[show when\: rel, abs, iso or ns]::mode:(rel abs iso ns)' \
		'-j[write JSON, one object per line]' '--json[write JSON, one object per line]' \
		'--format=[table, wide, json or csv]:format:(table wide json csv)' \
		'--columns=[just these columns; -NAME leaves one out, +NAME adds one]:list: ' \
		'--sort=[sort by it, -COLUMN from high to low]:column: ' \
		'--limit=[at most N rows]:n: ' \
		'-o+[write there]:file:_files' '--output=[write there]:file:_files' \
		'--color=[auto, always or never]:when:(auto always never)' \
		'--lost=[lost events\: warn at once, count, or fail (exit code 6)]:what:(warn count fail)' \
		'--dry-run[compile, load and attach, say to what, end]' \
		'--emit=[write the BPF text, as libbpf C, or compiled]:what:(c rewritten elf)' \
		'--schema[write the JSON schema of the records]' \
		'--man[write the manual page]' \
		'-v[say what is attached, and when it is ready]' '--verbose[say what is attached, and when it is ready]' \
		'--version[show the version]' \
		'-h[show this text]' '--help[show this text]' \
		'*:argument:_files' ;;
	run) _arguments -s -S \
		'-d+[end]:seconds: ' '--duration=[end]:seconds: ' \
		'*:argument:_files' ;;
	esac
}
_bpfcc() {
	if [[ $service != bpfcc ]]; then
		_bpfcc_tool $service
		return
	fi
	if ((CURRENT == 2)); then
		local -a names=(
			'run:compile\: and run'
			'sample:Show what'\''s declared'
		)
		_describe command names
	else
		shift words
		((CURRENT--))
		_bpfcc_tool $words[1]
	fi
}
_bpfcc "$@"
