#include <linux/security.h>
