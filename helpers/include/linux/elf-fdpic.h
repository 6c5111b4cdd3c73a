#include <linux/elf.h>
