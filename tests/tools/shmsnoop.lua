-- shmsnoop: the life of a segment.
local proof = require "lib"

proof.case("made, mapped, left and removed", function()
	local r = proof.trace("shmsnoop", {}, [[perl -e '
		my $id = shmget(0, 8192, 0x200 | 0600);
		shmread($id, my $text, 0, 4);
		shmctl($id, 0, 0);
		shmget(0x7fff1234, 1, 0);']])
	local made = r:where { comm = "perl", call_name = "SHMGET", key = 0, size = 8192 }[1]
	proof.equal(made.flags, 0x200 | 384)
	proof.equal(made.arguments, "key: 0x0, size: 8192, shmflg: 0x380 (IPC_CREAT|0600)")
	proof.equal(made.ret >= 0, true)
	local mapped = r:where { call_name = "SHMAT", shmid = made.ret }[1]
	proof.equal(#r:where { call_name = "SHMDT", address = mapped.ret, ret = 0 }, 1)
	proof.equal(#r:where { call_name = "SHMCTL", shmid = made.ret, command_name = "IPC_RMID", ret = 0 }, 1)
	proof.equal(#r:where { call_name = "SHMGET", key = 0x7fff1234, ret = -2 }, 1)
	proof.equal(r.summary.lost, 0)
end)

proof.done()
