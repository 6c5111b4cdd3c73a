-- hardirqs: Sum up the time in handlers of hardware interrupts.
local irqs = require "irqs"

irqs.run {
	name = "hardirqs",
	summary = "Sum up the time in handlers of hardware interrupts",
	description = "Handlers are told by the name of the driver that asked for the interrupt, as in " ..
		"/proc/interrupts. Interrupts that the kernel handles by itself, like those of the processor's " ..
		"own timers, have no such handler.\n\nWhere devices share an interrupt, the time of a handler " ..
		"that finds nothing to do is left out; it is in the count.",
	field = "hardirq",
	what = "interrupts",
	struct = [[
struct irq {
	char name[32];
};
]],
	programs = [[
TRACEPOINT_PROBE(irq, irq_handler_entry)
{
	struct start *start = begin();

	if (start) {
		__builtin_memset(&start->irq, 0, sizeof(start->irq));
		TP_DATA_LOC_READ_STR(&start->irq.name, name, sizeof(start->irq.name));
	}
	return 0;
}

TRACEPOINT_PROBE(irq, irq_handler_exit)
{
	end(args->ret != 0); /* IRQ_NONE */
	return 0;
}
]],
	name_of = function(irq)
		return irq.name
	end,
	hooks = { { "tracepoint:irq:irq_handler_entry" }, { "tracepoint:irq:irq_handler_exit" } },
	examples = {
		{ "hardirqs", "the time in each handler until Ctrl-C" },
		{ "hardirqs 1 10", "ten reports, one every second" },
		{ "hardirqs -D -N -c 0", "histograms in nanoseconds, of CPU 0" },
	},
}
