#include <asm/siginfo.h>
