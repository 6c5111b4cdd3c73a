// error
int kprobe__a(void *ctx) { asm volatile("" :: "r"(*(__int128 *)ctx), "i"(ctx)); __builtin_trap(); }
#pragma clang __debug crash
