#include <net/ipv6.h>
