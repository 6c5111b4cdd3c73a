#include <linux/fanotify.h>
