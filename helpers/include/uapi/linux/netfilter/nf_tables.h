#include <linux/netfilter/nf_tables.h>
