-- Completion for bash, zsh and fish, made of all declarations. It completes the tools by their own
-- names and behind "bpfcc", their options with what these take, and the names of bpfcc's commands.
--	text = completion.text("bash", specs, commands)
-- specs: declarations; commands: sequence of { name =, summary =, options = { { short, long } } }.
local completion = {}

completion.shells = { "bash", "zsh", "fish" }

local function single(text)
	return "'" .. text:gsub("'", "'\\''") .. "'"
end

-- What an option takes: "words" with a list, "pid", "file", "any", or nil for nothing.
local function takes(option)
	if not option.arg then
		return nil
	elseif option.choices then
		return "words", option.choices
	elseif option[2] == "--pid" or option[2] == "--tid" then
		return "pid"
	elseif option[2] == "--output" then
		return "file"
	end
	return "any"
end

local function names(list)
	local out = {}
	for i, item in ipairs(list) do
		out[i] = item.name
	end
	return table.concat(out, " ")
end

local function spellings(option)
	local out = {}
	for i = 1, 2 do
		out[#out + 1] = option[i] or nil
	end
	return out
end

local function option_words(options)
	local out = {}
	for _, option in ipairs(options) do
		for _, word in ipairs(spellings(option)) do
			out[#out + 1] = word
		end
	end
	return table.concat(out, " ")
end

-- bash: the word before decides; where it is an option that takes something, only that is offered.
local function bash_values(specs)
	local lines, seen = {}, {}
	for _, spec in ipairs(specs) do
		for _, option in ipairs(spec.all_options) do
			local kind, words = takes(option)
			if kind and option.type ~= "optional" then
				for _, word in ipairs(spellings(option)) do
					local action = kind == "words" and ("echo %s"):format(single(table.concat(words, " ")))
						or kind == "pid" and "cd /proc && echo [0-9]*" or "echo " .. kind
					local where = option.group and "*" or spec.name
					local line = ("\t%s:%s) %s ;;"):format(where, word, action)
					if not seen[line] then
						-- A tool's own meaning of a letter comes before the common one.
						table.insert(lines, option.group and #lines + 1 or 1, line)
						seen[line] = true
					end
				end
			end
		end
	end
	return table.concat(lines, "\n")
end

local bash = [=[
# bash completion for bpfcc and its tools.
_bpfcc_options() {
	case $1 in
OPTIONS
	esac
}
_bpfcc_values() {
	case $1:$2 in
VALUES
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
		mapfile -t COMPREPLY < <(compgen -W 'COMMANDS TOOLS' -- "$word")
	elif [[ ${COMP_WORDS[1]} == help || ${COMP_WORDS[1]} == man ]]; then
		mapfile -t COMPREPLY < <(compgen -W 'COMMANDS TOOLS' -- "$word")
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
complete -o filenames -F _bpfcc_named TOOLS
]=]

local function fill(template, parts)
	return (template:gsub("%f[%u]%u%u%u%u+%f[%U]", parts))
end

function completion.bash(specs, commands)
	local options = {}
	for _, list in ipairs { specs, commands } do
		for _, item in ipairs(list) do
			options[#options + 1] = ("\t%s) echo %s ;;"):format(item.name,
				single(option_words(item.all_options or item.options)))
		end
	end
	return fill(bash, { OPTIONS = table.concat(options, "\n"), VALUES = bash_values(specs),
		COMMANDS = names(commands), TOOLS = names(specs) })
end

-- zsh: one _arguments specification for each option.
local function zsh_option(option)
	local kind, words = takes(option)
	local help = (option.help or ""):gsub("[%[%]:\\]", "\\%0")
	local value = ""
	if kind then
		local action = kind == "words" and "(" .. table.concat(words, " ") .. ")"
			or kind == "pid" and "_pids" or kind == "file" and "_files" or " "
		value = (option.type == "optional" and "::" or ":") .. option.arg:lower() .. ":" .. action
	end
	local out = {}
	for i, word in ipairs(spellings(option)) do
		local joined = kind and i == #spellings(option) and #word > 2
			and (option.type == "optional" and "=-" or "=") or kind and option.type == "optional" and "-" or kind and "+" or ""
		out[#out + 1] = single(("%s%s%s[%s]%s"):format((option.type == "list" or option.type == "users") and "*" or "",
			word, joined, help, value))
	end
	return table.concat(out, " ")
end

function completion.zsh(specs, commands)
	local out = { "#compdef bpfcc " .. names(specs),
		"# zsh completion for bpfcc and its tools.", "_bpfcc_tool() {", "\tcase $1 in" }
	local function line(...)
		out[#out + 1] = string.format(...)
	end
	for _, list in ipairs { specs, commands } do
		for _, item in ipairs(list) do
			line("\t%s) _arguments -s -S \\", item.name)
			for _, option in ipairs(item.all_options or item.options) do
				line("\t\t%s \\", zsh_option(option))
			end
			line("\t\t'*:argument:%s' ;;", item.list and "" or "_files")
		end
	end
	line("\tesac\n}\n_bpfcc() {")
	line("\tif [[ $service != bpfcc ]]; then\n\t\t_bpfcc_tool $service\n\t\treturn\n\tfi")
	line("\tif ((CURRENT == 2)); then\n\t\tlocal -a names=(")
	for _, list in ipairs { commands, specs } do
		for _, item in ipairs(list) do
			line("\t\t\t%s", single(item.name .. ":" .. item.summary:gsub(":", "\\:")))
		end
	end
	line("\t\t)\n\t\t_describe command names\n\telse")
	line("\t\tshift words\n\t\t((CURRENT--))\n\t\t_bpfcc_tool $words[1]\n\tfi\n}\n_bpfcc \"$@\"")
	return table.concat(out, "\n") .. "\n"
end

-- fish: the same options for the tool and for "bpfcc TOOL".
local function fish_option(option)
	local kind, words = takes(option)
	local text = ""
	for _, word in ipairs(spellings(option)) do
		text = text .. (word:find("^%-%-") and " -l " .. word:sub(3) or " -s " .. word:sub(2))
	end
	if kind and option.type ~= "optional" then
		text = text .. (kind == "file" and " -r -F" or " -x")
	end
	if kind == "words" then
		text = text .. " -a " .. single(table.concat(words, " "))
	elseif kind == "pid" then
		text = text .. " -a '(__fish_complete_pids)'"
	end
	return text .. " -d " .. "'" .. (option.help or ""):gsub("[\\']", "\\%0") .. "'"
end

function completion.fish(specs, commands)
	local out = { "# fish completion for bpfcc and its tools." }
	local function line(...)
		out[#out + 1] = string.format(...)
	end
	for _, list in ipairs { commands, specs } do
		for _, item in ipairs(list) do
			line("complete -c bpfcc -n __fish_use_subcommand -f -a %s -d '%s'", item.name,
				(item.summary:gsub("[\\']", "\\%0")))
			for _, option in ipairs(item.all_options or item.options) do
				local text = fish_option(option)
				line("complete -c bpfcc -n '__fish_seen_subcommand_from %s'%s", item.name, text)
				if item.all_options then
					line("complete -c %s%s", item.name, text)
				end
			end
		end
	end
	return table.concat(out, "\n") .. "\n"
end

function completion.text(shell, specs, commands)
	return completion[shell](specs, commands)
end

return completion
