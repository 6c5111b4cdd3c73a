#include <linux/kcov.h>
