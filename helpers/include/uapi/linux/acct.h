#include <linux/acct.h>
