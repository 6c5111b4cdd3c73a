#include <asm-generic/errno-base.h>
