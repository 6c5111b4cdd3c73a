/* Comes after every text that declares no licence of its own. */
#ifndef BPF_LICENSE
#define BPF_LICENSE GPL
#endif
#define __bcc_string_(x) #x
#define __bcc_string(x) __bcc_string_(x)
char LICENSE[] SEC("license") = __bcc_string(BPF_LICENSE);
