#include <linux/inet_diag.h>
