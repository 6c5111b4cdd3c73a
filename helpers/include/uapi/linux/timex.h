#include <linux/timex.h>
