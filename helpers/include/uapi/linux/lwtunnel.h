#include <linux/lwtunnel.h>
