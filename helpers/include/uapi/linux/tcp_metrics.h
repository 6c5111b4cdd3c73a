#include <linux/tcp_metrics.h>
