#ifndef BCC_LINUX_IRQDESC_H
#define BCC_LINUX_IRQDESC_H

#include <linux/interrupt.h>

#define irq_desc_get_irq(desc)	((desc)->irq_data.irq)

#endif
