-- What tools write for numbers: addresses, disks, signals, users, amounts. Needs no privileges.
local check = require "check"
local disks = require "disks"
local names = require "names"
local net = require "net"
local units = require "units"

check.case("addresses", function()
	check.same(net.ipv4(string.unpack("=I4", "\127\0\0\1")), "127.0.0.1")
	check.same(net.ipv4(-1), "255.255.255.255")
	check.same(net.port(string.unpack("=I2", "\x1f\x90")), 8080)
	local function v6(...)
		return net.ipv6(string.pack(">I2I2I2I2I2I2I2I2", ...))
	end
	check.same(v6(0, 0, 0, 0, 0, 0, 0, 0), "::")
	check.same(v6(0, 0, 0, 0, 0, 0, 0, 1), "::1")
	check.same(v6(0xfe80, 0, 0, 0, 1, 0, 0, 1), "fe80::1:0:0:1")
	check.same(v6(0x2001, 0xdb8, 0, 1, 1, 1, 1, 1), "2001:db8:0:1:1:1:1:1")
	check.same(v6(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), "2001:db8::")
	check.same(v6(1, 2, 3, 4, 5, 6, 7, 8), "1:2:3:4:5:6:7:8")
	check.same(v6(0, 0, 0, 0, 0, 0xffff, 0x0102, 0x0304), "::ffff:1.2.3.4")
	check.same(net.ipv6 { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1 }, "::1")
	check.same(net.ipv6 { 0, 0, 0, (string.unpack("=I4", "\0\0\0\1")) }, "::1")
	check.same(net.ip(net.AF_INET, string.unpack("=I4", "\1\2\3\4"), nil), "1.2.3.4")
	check.same({ net.tcp_state(1), net.tcp_state(10), net.tcp_state(99) }, { "ESTABLISHED", "LISTEN", "99" })
	check.same({ net.tcp_state_number("syn_sent"), net.tcp_state_number("x") }, { 2 })
end)

check.case("disks", function()
	local path = os.tmpname()
	local file = io.open(path, "w")
	file:write("major minor  #blocks  name\n\n   8        0  1000 sda\n 259    70000 20 nvme0n1p1\n")
	file:close()
	disks.read(path)
	os.remove(path)
	check.same(disks.name(8 << 20), "sda")
	check.same(disks.name(259 << 20 | 70000), "nvme0n1p1")
	disks.read("/proc/partitions")
	check.same(disks.name(4095 << 20 | 7), "4095:7")
	check.same(select(2, pcall(disks.find, "no-such-disk")).usage ~= nil, true)
end)

check.case("signals, users, flags", function()
	check.same({ names.signal(9), names.signal(34), names.signal(35), names.signal(0) },
		{ "SIGKILL", "SIGRTMIN", "SIGRTMIN+1", "0" })
	check.same({ names.signal_number("kill"), names.signal_number("SIGTERM"), names.signal_number("64") },
		{ 9, 15, 64 })
	check.same(names.signal_number("65"), nil)
	check.same(names.signal_number("nope"), nil)
	check.same({ names.user(0), names.user(4000000000) }, { "root", "4000000000" })
	check.same({ names.uid("root"), names.uid("no such user") }, { 0 })
	local list = { { 1, "A" }, { 6, "BC" }, { 2, "B" } }
	check.same({ names.flags(7, list), names.flags(3, list), names.flags(0, list), names.flags(0x11, list) },
		{ "A|BC", "A|B", "0", "A|0x10" })
	check.same({ names.comm(0) }, {})
end)

check.case("amounts", function()
	check.same({ units.bytes(0), units.bytes(1023), units.bytes(4096), units.bytes(1572864) },
		{ "0", "1023", "4.0K", "1.5M" })
	check.same({ units.time(0), units.time(900), units.time(12345), units.time(1500000000) },
		{ "0ns", "900ns", "12.3us", "1.5s" })
	check.same({ units.percent(1, 8), units.percent(0, 0) }, { "12.5", "0.0" })
end)

check.done()
