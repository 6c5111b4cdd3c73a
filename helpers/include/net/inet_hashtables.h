#include <net/inet_connection_sock.h>
