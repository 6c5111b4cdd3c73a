#include <net/net_namespace.h>
