-- A packet filter tried on packets made here: no interface, no traffic.
local bcc = require "bcc"

local b <close> = bcc.BPF:new { attach = false, text = [[
#define ETH_P_IP 0x0800

BPF_HASH(dropped, u16);

SEC("xdp") int no_telnet(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;
	struct iphdr *ip = data + sizeof(*eth);
	struct tcphdr *tcp = (void *)(ip + 1);
	u16 port;

	if ((void *)(tcp + 1) > end || eth->h_proto != bpf_htons(ETH_P_IP) || ip->protocol != IPPROTO_TCP)
		return XDP_PASS;
	port = bpf_ntohs(tcp->dest);
	if (port != 23)
		return XDP_PASS;
	dropped.increment(port);
	return XDP_DROP;
}
]] }

-- Ethernet, IPv4 without options, TCP; what the filter does not look at is zero.
local function packet(port)
	return ("\0"):rep(12) .. string.pack(">I2", 0x0800)
		.. string.pack(">BBI2I2I2BBI2I4I4", 0x45, 0, 40, 0, 0, 64, 6, 0, 0x7f000001, 0x7f000001)
		.. string.pack(">I2I2I4I4BBI2I2I2", 1024, port, 0, 0, 0x50, 2, 0, 0, 0)
end

for _, port in ipairs { 22, 23, 80 } do
	print(("port %-3d %s"):format(port, b:test_run("no_telnet", { data = packet(port) }).verdict))
end
for port, count in pairs(b:get_table("dropped")) do
	print(("dropped %d of port %d"):format(count, port))
end
