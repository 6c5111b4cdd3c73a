#include <asm/mman.h>
