#include <asm/posix_types.h>
