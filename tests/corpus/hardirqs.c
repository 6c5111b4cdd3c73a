/* Time in hard interrupts: the name travels in the record, the start is kept per CPU. */
#include <uapi/linux/ptrace.h>
#include <linux/irq.h>
#include <linux/irqdesc.h>
#include <linux/interrupt.h>

#define NAME_LEN 32

typedef struct entry_key {
	u32 tid;
	u32 cpu_id;
} entry_key_t;

typedef struct irq_key {
	char name[NAME_LEN];
	u64 slot;
} irq_key_t;

typedef struct irq_name {
	char name[NAME_LEN];
} irq_name_t;

BPF_HASH(start, entry_key_t);
BPF_HASH(irqnames, entry_key_t, irq_name_t);
BPF_HISTOGRAM(dist, irq_key_t);

TRACEPOINT_PROBE(irq, irq_handler_entry)
{
	irq_name_t name = {};
	entry_key_t key = {};
	u64 ts = bpf_ktime_get_ns();
	char *found;

	key.tid = bpf_get_current_pid_tgid();
	key.cpu_id = bpf_get_smp_processor_id();
	TP_DATA_LOC_READ_STR(&name.name, name, sizeof(name));
	irqnames.update(&key, &name);
	start.update(&key, &ts);
	return 0;
}

TRACEPOINT_PROBE(irq, irq_handler_exit)
{
	u64 *tsp, delta;
	irq_name_t *namep;
	entry_key_t entry_key = {};
	irq_key_t key = {.slot = 0};

	entry_key.tid = bpf_get_current_pid_tgid();
	entry_key.cpu_id = bpf_get_smp_processor_id();
	if (args->ret == IRQ_NONE)
		return 0;
	tsp = start.lookup(&entry_key);
	namep = irqnames.lookup(&entry_key);
	if (tsp == 0 || namep == 0)
		return 0;
	delta = bpf_ktime_get_ns() - *tsp;
	bpf_probe_read_kernel(&key.name, sizeof(key.name), namep->name);
	key.slot = bpf_log2l(delta / 1000);
	dist.atomic_increment(key);
	start.delete(&entry_key);
	irqnames.delete(&entry_key);
	return 0;
}

/* As it is done with a probe on handle_irq_event_percpu(). */
int handle_entry(struct pt_regs *ctx, struct irq_desc *desc)
{
	struct irqaction *action = desc->action;
	irq_key_t key = {};
	char *name = (char *)action->name;

	bpf_probe_read_kernel(&key.name, sizeof(key.name), name);
	dist.increment(key, 1);
	return 0;
}
