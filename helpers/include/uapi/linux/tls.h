#include <linux/tls.h>
