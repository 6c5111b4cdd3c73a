#include <linux/if_xdp.h>
