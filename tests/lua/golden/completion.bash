# bash completion for bpfcc and its tools.
_bpfcc_options() {
	case $1 in
	sample) echo '-p --pid --netns -m --mode -x --failed -i --interval -c --count -d --duration -T --timestamp -j --json --format --columns --sort --limit -o --output --color --lost --dry-run --emit --schema --man -v --verbose --version -h --help' ;;
	run) echo '-d --duration' ;;
	esac
}
_bpfcc_values() {
	case $1:$2 in
	sample:--mode) echo 'fast slow' ;;
	sample:-m) echo 'fast slow' ;;
	*:-p) cd /proc && echo [0-9]* ;;
	*:--pid) cd /proc && echo [0-9]* ;;
	*:--netns) echo any ;;
	*:-i) echo any ;;
	*:--interval) echo any ;;
	*:-c) echo any ;;
	*:--count) echo any ;;
	*:-d) echo any ;;
	*:--duration) echo any ;;
	*:--format) echo 'table wide json csv' ;;
	*:--columns) echo any ;;
	*:--sort) echo any ;;
	*:--limit) echo any ;;
	*:-o) echo file ;;
	*:--output) echo file ;;
	*:--color) echo 'auto always never' ;;
	*:--lost) echo 'warn count fail' ;;
	*:--emit) echo 'c rewritten elf' ;;
	esac
}
_bpfcc_tool() {
	local tool=$1 word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} values i
	COMPREPLY=()
	for ((i = 1; i < COMP_CWORD; i++)); do
		[ "${COMP_WORDS[i]}" = -- ] || continue
		if ((i == COMP_CWORD - 1)); then
			mapfile -t COMPREPLY < <(compgen -c -- "$word")
		else
			mapfile -t COMPREPLY < <(compgen -f -- "$word")
		fi
		return
	done
	if [ "$before" = = ]; then
		before=${COMP_WORDS[COMP_CWORD - 2]}
	elif [ "$word" = = ]; then
		word=
	fi
	values=$(_bpfcc_values "$tool" "$before")
	case $values in
	file) mapfile -t COMPREPLY < <(compgen -f -- "$word") ;;
	any) ;;
	'') mapfile -t COMPREPLY < <(compgen -W "$(_bpfcc_options "$tool")" -- "$word") ;;
	*) mapfile -t COMPREPLY < <(compgen -W "$values" -- "$word") ;;
	esac
}
_bpfcc() {
	local word=${COMP_WORDS[COMP_CWORD]}
	if ((COMP_CWORD == 1)); then
		mapfile -t COMPREPLY < <(compgen -W 'run sample' -- "$word")
	elif [[ ${COMP_WORDS[1]} == help || ${COMP_WORDS[1]} == man ]]; then
		mapfile -t COMPREPLY < <(compgen -W 'run sample' -- "$word")
	elif [[ ${COMP_WORDS[1]} == completion ]]; then
		mapfile -t COMPREPLY < <(compgen -W 'bash zsh fish' -- "$word")
	else
		_bpfcc_tool "${COMP_WORDS[1]}"
		if [[ ${#COMPREPLY[@]} == 0 && $word != -* && $(_bpfcc_options "${COMP_WORDS[1]}") == *--help* ]]; then
			mapfile -t COMPREPLY < <(compgen -f -- "$word")
		fi
	fi
}
_bpfcc_named() { _bpfcc_tool "${1##*/}"; }
complete -o filenames -F _bpfcc bpfcc
complete -o filenames -F _bpfcc_named sample
