#include <linux/list_nulls.h>
