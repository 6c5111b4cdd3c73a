// error
int kprobe__a(void *ctx) { return Ã( ¡; }
