-- bashreadline shows what is typed into a bash on a terminal, and not what a script has.
local proof = require "lib"

if not pcall(proof.sh, "command -v bash script >/dev/null") then
	proof.skip("there is no bash, or no script(1) that gives it a terminal")
end

-- A shell on a terminal of its own is given these lines.
local function type_in(lines)
	proof.sh(("printf '%%s\\n' %s exit | script -qec 'bash --norc --noprofile -i' /dev/null >/dev/null")
		:format(lines))
end

proof.case("typed lines", function()
	local t = proof.start("bashreadline")
	type_in("'echo bcc-proof-$((1+1))' ': second line'")
	proof.sh("bash -c 'echo bcc-script >/dev/null'")
	local r = t:stop()
	local first = r:where { command = "echo bcc-proof-$((1+1))" }
	proof.equal(#first, 1)
	proof.equal(#r:where { command = ": second line", pid = first[1].pid, uid = first[1].uid }, 1)
	proof.equal(#r:where { command = "exit", pid = first[1].pid }, 1)
	proof.equal(#r:where { command = "echo bcc-script >/dev/null" }, 0)
	proof.equal(r.summary.lost, 0)
end)

proof.case("a long line", function()
	local t = proof.start("bashreadline")
	type_in("': " .. ("x"):rep(700) .. "'")
	local r = t:stop()
	proof.equal(#r:where { command = ": " .. ("x"):rep(509) }, 1)
end)

proof.case("a file that has no readline()", function()
	local code, err = proof.fails("bashreadline", "-s", "/bin/true")
	proof.equal(code, 4)
	assert(err:find("readline"), err)
end)

proof.done()
