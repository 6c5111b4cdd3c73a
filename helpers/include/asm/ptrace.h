#include <bcc/ptrace.h>
