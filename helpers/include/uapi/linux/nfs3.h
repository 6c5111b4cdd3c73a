#include <linux/nfs3.h>
