/*
 * bcc/program.h - one BPF program of a module, and its attachments.
 *
 * A hook is named by one string:
 *   tracepoint:CATEGORY:EVENT      raw_tp:EVENT             tp_btf:EVENT
 *   kprobe:FUNCTION[+OFFSET]       kretprobe:FUNCTION[:maxactive=N]
 *   ksyscall:NAME                  kretsyscall:NAME
 *   fentry:[MODULE:]FUNCTION       fexit:[MODULE:]FUNCTION  fmod_ret:[MODULE:]FUNCTION  lsm:HOOK
 *   raw_tp_writable:EVENT          freplace:PROGRAM:FUNCTION (an id, a path on bpffs, "fd")
 *   iter:TARGET[:PARAM=VALUE,...]  (bcc_link_iter_fd(); map=TABLE, pid=, tid=, order=, cgroup=/PATH)
 *   uprobe:BINARY:SYMBOL[+OFFSET]  uretprobe:BINARY:SYMBOL  (SYMBOL may be 0xADDRESS)
 *   usdt:BINARY:PROVIDER:NAME      (BINARY:NAME when one provider has it; PROVIDER:NAME with a pid:
 *                                  in what the process has mapped)
 *   perf:EVENT:freq=HZ             perf:EVENT:period=N      (names as of perf list, rHEX)
 *   perf:mem:0xADDRESS:LENGTH:rwx
 *   cgroup:PATH:KIND               PATH: absolute, below the mount of cgroup v2, "self", or a pid's.
 *                                  KIND: ingress, egress, sock_create, sock_release,
 *                                  post_bind4|6, bind4|6, connect4|6, sendmsg4|6, recvmsg4|6,
 *                                  getpeername4|6, getsockname4|6, connect_unix, sendmsg_unix,
 *                                  recvmsg_unix, getpeername_unix, getsockname_unix, getsockopt,
 *                                  setsockopt, sysctl, device, sock_ops
 *   lsm_cgroup:PATH:HOOK
 *   socket:FD                      socket:INTERFACE         (makes a raw socket: bcc_link_socket())
 *   reuseport:FD
 *   sk_skb:TABLE:KIND              sk_msg:TABLE             (KIND: parser, stream_verdict, verdict)
 *   sk_lookup[:NETNS]              flow_dissector[:NETNS]   (a path, a name of ip netns, a pid;
 *                                  without: the calling thread's)
 *   xdp:IFACE[:MODE]               MODE: native, generic, offload; without: native or else generic
 *   tc:IFACE:DIRECTION             tcx: or clsact: for that way only. DIRECTION: ingress, egress
 *   tc_action:IFACE:DIRECTION      netkit:IFACE:SIDE        (SIDE: primary, peer)
 *   lwt_in:ROUTE:IFACE             (also lwt_out:, lwt_xmit:; ROUTE: PREFIX or PREFIX via GATEWAY)
 *   seg6local:ROUTE:IFACE
 *   netfilter:FAMILY:POINT[:PRIORITY]  FAMILY: ipv4, ipv6. POINT: prerouting, input, forward,
 *                                  output, postrouting
 *                                  (IFACE: name, alternative name or number; IFACE@NETNS in another
 *                                  network namespace, and netfilter:...@NETNS)
 * FUNCTION of kprobe and kretprobe, SYMBOL and EVENT of tracepoint may be globs (* and ?).
 * "A | B" names alternatives: the first that the kernel has is taken.
 */
#ifndef BCC_PROGRAM_H
#define BCC_PROGRAM_H

#include <bcc/common.h>
#include <bcc/link.h>

BCC_EXTERN_C_BEGIN

struct bcc_attach_opts {
	size_t size;
	int pid;         /* uprobe, usdt, perf: only this process; 0: all */
	int cpu;         /* perf: only this CPU when has_cpu is set */
	bool has_cpu;
	uint64_t cookie; /* what bpf_get_attach_cookie() returns, where the kernel has it;
			    usdt: what bpf_usdt_cookie() returns */
	int target_fd;   /* freplace:fd:FUNCTION: the program whose function is replaced */
};

BCC_API void bcc_attach_opts_init(struct bcc_attach_opts *opts);

BCC_API const char *bcc_program_name(const struct bcc_program *prog);
BCC_API struct bcc_module *bcc_program_module(const struct bcc_program *prog);

/* The hook that the program's name or section asks for, as a hook string; NULL when none. */
BCC_API const char *bcc_program_hook(const struct bcc_program *prog);

/*
 * Gives a program another type, by the name of a libbpf section without what follows the slash
 * ("kprobe", "xdp", "cgroup/connect4", ...). Its name's or section's hook no longer counts. -EINVAL
 * for an unknown name, -EBUSY once the program is loaded.
 */
BCC_API int bcc_program_set_type(struct bcc_program *prog, const char *section);

/* Loads the program into the kernel if it is not yet. Errors: BCC_ERR_VERIFIER (the diagnostic
 * shows the failing line), BCC_ERR_PRIVILEGE, BCC_ERR_KERNEL, or an errno. */
BCC_API int bcc_program_load(struct bcc_program *prog);

/* The loaded program's descriptor, which belongs to the program; -ENOENT while not loaded. */
BCC_API int bcc_program_fd(const struct bcc_program *prog);

/*
 * Loads the program if needed and attaches it to a hook (NULL: the one bcc_program_hook() names).
 * *out may be NULL; the link belongs to the module either way and lives until it is destroyed.
 * Errors: BCC_ERR_NO_HOOK (near names are in the hint), BCC_ERR_KERNEL, BCC_ERR_PRIVILEGE,
 * BCC_ERR_VERIFIER, -EINVAL (the hook string is malformed), or an errno.
 */
BCC_API int bcc_program_attach(struct bcc_program *prog, const char *hook,
			       const struct bcc_attach_opts *opts, struct bcc_link **out);

BCC_EXTERN_C_END

#endif
