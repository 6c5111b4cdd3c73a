-- Scripts that were written for BCC's Lua (bcc-lua, bcc-probe): a file that returns
-- function(BPF, utils). See docs/lua-compat.md.
--
-- bpfcc run notices such a file by itself; in stock Lua:
--	require("bcc.compat").run("script.lua", ...)
local compat = {}

-- What scripts require at their beginning.
function compat.preload()
	for _, name in ipairs { "ffi", "bit" } do
		package.preload[name] = package.preload[name] or function()
			return require("bcc.compat." .. name)
		end
	end
end

local function argparse(...)
	local found, module = pcall(require, "argparse")
	if not found then
		error("this script needs the Lua module argparse: install lua-argparse", 2)
	end
	return module(...)
end

-- Calls what the script returned. path is the script's, for the files beside it.
function compat.call(main, path, ...)
	local luajit = require "bcc.compat.luajit"
	luajit.enter()
	local BPF = require("bcc.compat.bpf").script_root(path)
	local utils = {
		argparse = argparse,
		posix = require "bcc.compat.posix",
		sym = require "bcc.compat.sym",
		USDT = require "bcc.compat.usdt",
	}
	local result = table.pack(pcall(main, BPF, utils, ...))
	BPF.cleanup()
	if not result[1] then
		error(result[2], 0)
	end
	return table.unpack(result, 2, result.n)
end

-- Fills the global arg. In place: argparse keeps the table it saw first.
local function set_arg(path, ...)
	arg = rawget(_G, "arg") or {}
	for key in pairs(arg) do
		arg[key] = nil
	end
	arg[0] = path
	table.move({ ... }, 1, select("#", ...), 1, arg)
end

-- Runs a script with arguments.
function compat.run(path, ...)
	compat.preload()
	set_arg(path, ...)
	local main = assert(loadfile(path))(...)
	if type(main) ~= "function" then
		error(path .. " does not return function(BPF, utils)", 2)
	end
	return compat.call(main, path)
end

return compat
