#include <linux/mptcp.h>
