/* How preempt_count is divided. */
#ifndef BCC_LINUX_PREEMPT_H
#define BCC_LINUX_PREEMPT_H

#define PREEMPT_BITS	8
#define SOFTIRQ_BITS	8
#define HARDIRQ_BITS	4
#define NMI_BITS	4
#define PREEMPT_SHIFT	0
#define SOFTIRQ_SHIFT	8
#define HARDIRQ_SHIFT	16
#define NMI_SHIFT	20

#define PREEMPT_MASK	0xff
#define SOFTIRQ_MASK	0xff00
#define HARDIRQ_MASK	0xf0000
#define NMI_MASK	0xf00000
#define PREEMPT_OFFSET	0x1
#define SOFTIRQ_OFFSET	0x100
#define HARDIRQ_OFFSET	0x10000
#define NMI_OFFSET	0x100000

#endif
