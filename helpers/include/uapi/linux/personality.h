#include <linux/personality.h>
