#include <asm/signal.h>
