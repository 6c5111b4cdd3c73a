-- b:test_run(): packets and contexts as strings, results as a table, wrong arguments as errors.
local bcc = require "bcc"
local check = require "check"

check.need_bpf()

local b <close> = bcc.BPF:new { attach = false, text = [[
int on_frame(struct xdp_md *ctx)
{
	unsigned char *data = (void *)(long)ctx->data;

	if (data + 14 > (unsigned char *)(long)ctx->data_end)
		return XDP_ABORTED;
	data[0] = 'a';
	return XDP_PASS;
}
SEC("tc") int on_packet(struct __sk_buff *skb) { skb->mark++; return skb->len; }
SEC("raw_tp/sys_enter") int raw(struct bpf_raw_tracepoint_args *ctx) { return ctx->args[0]; }
SEC("kprobe/vfs_read") int probe(struct pt_regs *ctx) { return 0; }
]] }
local frame = ("\xff"):rep(60)

check.case("a packet", function()
	for _ = 1, 2 do
		local r = b:test_run("on_frame", { data = frame, type = "xdp", repeat_count = 10 })
		check.same(r.retval, 2)
		check.same(r.verdict, "XDP_PASS")
		check.same(r.data, "a" .. frame:sub(2))
		check.same(r.timed_outside, false)
		check.same(math.type(r.duration_ns), "integer")
	end
end)

check.case("a context", function()
	local r = b:test_run("on_packet", { data = frame, ctx = ("<I4I4I4"):pack(0, 0, 6) })
	check.same(r.retval, 60)
	check.same(("<I4"):unpack(r.ctx, 9), 7)
	r = b:test_run("raw", { ctx = ("<I8"):pack(9) })
	check.same(r.retval, 9)
	check.same(r.verdict, nil)
	check.same(r.timed_outside, true)
end)

check.case("what cannot be", function()
	check.raises(function() b:test_run("on_packet", { data = "short" }) end, "at least 14 bytes")
	check.raises(function() b:test_run("on_packet") end, "no data was given")
	check.same(check.raises(function() b:test_run("probe") end, "of type kprobe").code, "BCC_ERR_KERNEL")
	check.raises(function() b:test_run("nothing", {}) end, "no program 'nothing'")
	check.raises(function() b:test_run("on_packet", { data = 5 }) end, "expected string")
	check.raises(function() b:test_run("on_packet", { dta = frame }) end, "unknown field 'dta'")
	check.raises(function() b:test_run("on_packet", { data = frame, repeat_count = -1 }) end,
		"out of range")
	check.raises(function() b:test_run("raw", { cpu = 1 << 40 }) end, "out of range")
	check.raises(function() b:test_run() end, "string expected")
end)

check.done()
