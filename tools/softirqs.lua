-- softirqs: Sum up the time in software interrupts of the kernel.
local irqs = require "irqs"

local names = { [0] = "hi", "timer", "net_tx", "net_rx", "block", "irq_poll", "tasklet", "sched",
	"hrtimer", "rcu" }

irqs.run {
	name = "softirqs",
	summary = "Sum up the time in software interrupts of the kernel",
	description = "Software interrupts are what the kernel does soon after a hardware interrupt, outside of " ..
		"any task's time slice: timers, packets that arrive, block requests that are done, RCU.",
	field = "softirq",
	what = "those",
	struct = [[
struct irq {
	u32 vec;
};
]],
	programs = [[
TRACEPOINT_PROBE(irq, softirq_entry)
{
	struct start *start = begin();

	if (start)
		start->irq.vec = args->vec;
	return 0;
}

TRACEPOINT_PROBE(irq, softirq_exit)
{
	end(true);
	return 0;
}
]],
	name_of = function(irq)
		return names[irq.vec] or ("softirq-%d"):format(irq.vec)
	end,
	hooks = { { "tracepoint:irq:softirq_entry" }, { "tracepoint:irq:softirq_exit" } },
	examples = {
		{ "softirqs", "the time in each kind until Ctrl-C" },
		{ "softirqs -C 1 10", "how many there were, every second, ten times" },
		{ "softirqs -D", "histograms of the time" },
	},
}
