// The first parameter's type gives the section; where it serves several hooks, so do its members.
struct bpf_sock_addr { u32 user_family, user_ip4, user_ip6[4], user_port, msg_src_ip4, msg_src_ip6[4]; };
struct bpf_sock { u32 family, src_ip4, src_ip6[4], src_port; };
struct bpf_sockopt { int level, optname, optlen, retval; };
struct bpf_sysctl { u32 write; };
struct bpf_cgroup_dev_ctx { u32 major; };
struct bpf_sock_ops { u32 op; };
struct sk_msg_md { u32 size; };
struct sk_reuseport_md { u32 len; };
struct bpf_sk_lookup { u32 family; };

static int deep(struct bpf_sock_addr *ctx) { return ctx->user_ip6[0]; }

int address(struct bpf_sock_addr *ctx) { return ctx->user_family == 2; /* user_ip6 */ }
int address6(struct bpf_sock_addr *ctx) { return deep(ctx) == 2; }
int message(struct bpf_sock_addr *ctx) { return ctx->msg_src_ip4 == 2; }
int message6(struct bpf_sock_addr *ctx) { return ctx->msg_src_ip6[1] == 2; }
int create(struct bpf_sock *sk) { return sk->family == 2; }
int bound(struct bpf_sock *sk) { return sk->src_port == 2; }
int bound6(struct bpf_sock *sk) { return sk->src_ip6[3] == 2; }
int set(struct bpf_sockopt *opt) { return opt->level; }
int get(struct bpf_sockopt *opt) { opt->retval = 0; return 1; }
int sysctl(struct bpf_sysctl *ctx) { return !ctx->write; }
int device(struct bpf_cgroup_dev_ctx *ctx) { return ctx->major == 1; }
int ops(struct bpf_sock_ops *ctx) { return ctx->op; }
int msg(struct sk_msg_md *ctx) { return ctx->size > 1; }
int reuseport(struct sk_reuseport_md *ctx) { return ctx->len > 1; }
int lookup(struct bpf_sk_lookup *ctx) { return ctx->family > 1; }
SEC("cgroup/bind6") int named(struct bpf_sock_addr *ctx) { return ctx->user_ip4 == 1; }
