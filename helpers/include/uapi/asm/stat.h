#include <asm/stat.h>
