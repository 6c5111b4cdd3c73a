-- Runs one example: it must end by itself, without an error, and print at least two lines.
local check = require "check"

check.need_bpf()
local out, err, code = check.run(os.getenv("LUA") .. " " .. arg[1])
io.write(out, err)
check.same(code, 0, "exit code")
check.same(err:gsub("^%d+\n$", ""), "", "standard error")
assert(select(2, out:gsub("\n", "")) >= 2, "hardly any output")
