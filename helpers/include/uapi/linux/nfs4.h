#include <linux/nfs4.h>
