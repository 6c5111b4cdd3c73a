#include <linux/if_tun.h>
