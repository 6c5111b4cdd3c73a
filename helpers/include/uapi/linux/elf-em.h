#include <linux/elf-em.h>
