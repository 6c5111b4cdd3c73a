// error
#error [31m ]0;title 
int kprobe__a(void *ctx) { return "[2J"; }
