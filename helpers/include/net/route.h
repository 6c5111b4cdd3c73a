#include <linux/in.h>
#include <net/inet_sock.h>
