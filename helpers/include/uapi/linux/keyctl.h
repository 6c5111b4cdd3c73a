#include <linux/keyctl.h>
