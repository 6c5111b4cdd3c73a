-- bcc.list(): hooks as tables, arguments on request, errors for wrong globs.
local bcc = require "bcc"
local check = require "check"

local f = io.open "/sys/kernel/btf/vmlinux"
if not f then
	check.skip("the kernel does not tell its types")
end
f:close()

check.case("names", function()
	local list, notes = bcc.list "raw_tp:sched_swi*"
	check.same(list, { { hook = "raw_tp:sched_switch", kind = "raw_tp" } })
	check.same(#notes, 0)
	check.same(#bcc.list "raw_tp:no_such_*", 0)
end)

check.case("arguments", function()
	local hook = bcc.list("raw_tp:sched_process_exec", { args = true })[1]
	check.same(hook.args[1].name, "p")
	check.same(hook.args[1].type, "struct task_struct *")
	check.same(hook.args[1].text, "struct task_struct *p")
	check.same(hook.result, nil)
	check.same(bcc.list("fentry:vfs_read", { args = true })[1].result, "ssize_t")
end)

check.case("a process", function()
	local list = bcc.list("uprobe:*libc.so*:mallo?", { pid = bcc.sys.getpid() })
	check.same(#list, 1)
	check.same(list[1].hook:match("^uprobe:/.*libc%.so.*:malloc$") ~= nil, true)
end)

check.case("what cannot be", function()
	check.raises(function() bcc.list "nothing:x" end, "no kind of hook 'nothing'", "tracepoint")
	check.raises(function() bcc.list "" end, "no glob")
	check.raises(function() bcc.list "uprobe:*:x" end, "for one binary")
	check.same(check.raises(function() bcc.list "usdt:/nothing:*" end, "/nothing").code, "ENOENT")
	check.raises(function() bcc.list("a", { arg = true }) end, "unknown field 'arg'")
	check.raises(function() bcc.list("a", { pid = -1 }) end, "out of range")
	check.raises(function() bcc.list() end, "string expected")
end)

check.done()
