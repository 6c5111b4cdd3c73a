#include <linux/elf-fdpic.h>
