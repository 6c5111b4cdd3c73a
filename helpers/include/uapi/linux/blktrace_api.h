#include <linux/blktrace_api.h>
