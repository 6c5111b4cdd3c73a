// error
#pragma clang __debug llvm_fatal_error
#pragma clang __debug overflow_stack
int kprobe__a(void *ctx) { return 0; }
