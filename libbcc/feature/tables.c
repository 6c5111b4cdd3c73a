/*
 * The tables of features but for helpers, one line each: name, the first kernel that has it, a
 * configuration option that it needs beyond BPF's own, number in the kernel's interface (of a program
 * type, a map type, an attach type), how it is tried. A new one is one line. tests/vm checks them
 * against stock kernels.
 */
#include "feature/feature.h"

#define COUNT(rows) (sizeof(rows) / sizeof(*(rows)))

const struct feature_row program_features[] = {
	{ "socket_filter", "3.19", NULL, 1, probe_program },
	{ "kprobe", "4.1", "CONFIG_BPF_EVENTS", 2, probe_program },
	{ "sched_cls", "4.1", NULL, 3, probe_program },
	{ "sched_act", "4.1", NULL, 4, probe_program },
	{ "tracepoint", "4.7", "CONFIG_BPF_EVENTS", 5, probe_program },
	{ "xdp", "4.8", NULL, 6, probe_program },
	{ "perf_event", "4.9", "CONFIG_BPF_EVENTS", 7, probe_program },
	{ "cgroup_skb", "4.10", "CONFIG_CGROUP_BPF", 8, probe_program },
	{ "cgroup_sock", "4.10", "CONFIG_CGROUP_BPF", 9, probe_program },
	{ "lwt_in", "4.10", "CONFIG_LWTUNNEL_BPF", 10, probe_program },
	{ "lwt_out", "4.10", "CONFIG_LWTUNNEL_BPF", 11, probe_program },
	{ "lwt_xmit", "4.10", "CONFIG_LWTUNNEL_BPF", 12, probe_program },
	{ "sock_ops", "4.13", NULL, 13, probe_program },
	{ "sk_skb", "4.14", NULL, 14, probe_program },
	{ "cgroup_device", "4.15", "CONFIG_CGROUP_BPF", 15, probe_program },
	{ "sk_msg", "4.17", NULL, 16, probe_program },
	{ "raw_tracepoint", "4.17", "CONFIG_BPF_EVENTS", 17, probe_program },
	{ "cgroup_sock_addr", "4.17", "CONFIG_CGROUP_BPF", 18, probe_program },
	{ "lwt_seg6local", "4.18", "CONFIG_LWTUNNEL_BPF", 19, probe_program },
	{ "lirc_mode2", "4.18", "CONFIG_BPF_LIRC_MODE2", 20, probe_program },
	{ "sk_reuseport", "4.19", NULL, 21, probe_program },
	{ "flow_dissector", "4.20", NULL, 22, probe_program },
	{ "cgroup_sysctl", "5.2", "CONFIG_CGROUP_BPF", 23, probe_program },
	{ "raw_tracepoint_writable", "5.2", "CONFIG_BPF_EVENTS", 24, probe_program },
	{ "cgroup_sockopt", "5.3", "CONFIG_CGROUP_BPF", 25, probe_program },
	{ "tracing", "5.5", "CONFIG_DEBUG_INFO_BTF", 26, probe_program },
	{ "struct_ops", "5.6", "CONFIG_DEBUG_INFO_BTF", 27, probe_program },
	{ "ext", "5.6", "CONFIG_DEBUG_INFO_BTF", 28, probe_program },
	{ "lsm", "5.7", "CONFIG_BPF_LSM", 29, probe_program },
	{ "sk_lookup", "5.9", NULL, 30, probe_program },
	{ "syscall", "5.14", NULL, 31, probe_program },
	{ "netfilter", "6.4", "CONFIG_NETFILTER_BPF_LINK", 32, probe_program },
};

const struct feature_row map_features[] = {
	{ "hash", "3.19", NULL, 1, probe_map },
	{ "array", "3.19", NULL, 2, probe_map },
	{ "prog_array", "4.2", NULL, 3, probe_map },
	{ "perf_event_array", "4.3", "CONFIG_PERF_EVENTS", 4, probe_map },
	{ "percpu_hash", "4.6", NULL, 5, probe_map },
	{ "percpu_array", "4.6", NULL, 6, probe_map },
	{ "stack_trace", "4.6", "CONFIG_PERF_EVENTS", 7, probe_map },
	{ "cgroup_array", "4.8", "CONFIG_CGROUPS", 8, probe_map },
	{ "lru_hash", "4.10", NULL, 9, probe_map },
	{ "lru_percpu_hash", "4.10", NULL, 10, probe_map },
	{ "lpm_trie", "4.11", NULL, 11, probe_map },
	{ "array_of_maps", "4.12", NULL, 12, probe_map },
	{ "hash_of_maps", "4.12", NULL, 13, probe_map },
	{ "devmap", "4.14", NULL, 14, probe_map },
	{ "sockmap", "4.14", NULL, 15, probe_map },
	{ "cpumap", "4.15", NULL, 16, probe_map },
	{ "xskmap", "4.18", "CONFIG_XDP_SOCKETS", 17, probe_map },
	{ "sockhash", "4.18", NULL, 18, probe_map },
	{ "cgroup_storage", "4.19", "CONFIG_CGROUP_BPF", 19, probe_map },
	{ "reuseport_sockarray", "4.19", NULL, 20, probe_map },
	{ "percpu_cgroup_storage", "4.20", "CONFIG_CGROUP_BPF", 21, probe_map },
	{ "queue", "4.20", NULL, 22, probe_map },
	{ "stack", "4.20", NULL, 23, probe_map },
	{ "sk_storage", "5.2", NULL, 24, probe_map },
	{ "devmap_hash", "5.4", NULL, 25, probe_map },
	{ "struct_ops", "5.6", "CONFIG_DEBUG_INFO_BTF", 26, probe_map },
	{ "ringbuf", "5.8", NULL, 27, probe_map },
	{ "inode_storage", "5.10", "CONFIG_BPF_LSM", 28, probe_map },
	{ "task_storage", "5.11", NULL, 29, probe_map },
	{ "bloom_filter", "5.16", NULL, 30, probe_map },
	{ "user_ringbuf", "6.1", NULL, 31, probe_map },
	{ "cgrp_storage", "6.2", "CONFIG_CGROUPS", 32, probe_map },
	{ "arena", "6.9", NULL, 33, probe_map },
};

const struct feature_row attach_features[] = {
	{ "perf_link", "5.15", NULL, 0, probe_perf_link },
	{ "kprobe", "4.17", "CONFIG_KPROBE_EVENTS", 0, probe_kprobe },
	{ "kprobe_multi", "5.18", "CONFIG_FPROBE", 42, probe_kprobe_multi },
	{ "kprobe_session", "6.10", "CONFIG_FPROBE", 56, probe_kprobe_multi },
	{ "uprobe", "4.17", "CONFIG_UPROBE_EVENTS", 0, probe_uprobe },
	{ "uprobe_multi", "6.6", "CONFIG_UPROBE_EVENTS", 48, probe_uprobe_multi },
	{ "uprobe_session", "6.13", "CONFIG_UPROBE_EVENTS", 57, probe_uprobe_multi },
	{ "raw_tp", "4.17", "CONFIG_BPF_EVENTS", 0, probe_raw_tp },
	{ "tp_btf", "5.5", "CONFIG_DEBUG_INFO_BTF", 23, probe_trampoline },
	{ "fentry", "5.5", "CONFIG_FUNCTION_TRACER", 24, probe_trampoline },
	{ "fexit", "5.5", "CONFIG_FUNCTION_TRACER", 25, probe_trampoline },
	{ "fmod_ret", "5.7", "CONFIG_FUNCTION_TRACER", 26, probe_trampoline },
	{ "lsm", "5.7", "CONFIG_BPF_LSM", 27, probe_lsm },
	{ "lsm_cgroup", "6.0", "CONFIG_BPF_LSM", 43, probe_bad_target },
	{ "iter", "5.8", "CONFIG_DEBUG_INFO_BTF", 28, probe_iterator },
	{ "cgroup_link", "5.7", "CONFIG_CGROUP_BPF", 0, probe_bad_target },
	{ "netns_link", "5.8", NULL, 17, probe_in_netns },
	{ "xdp_link", "5.9", NULL, 37, probe_in_netns },
	{ "tcx", "6.6", "CONFIG_NET_XGRESS", 46, probe_in_netns },
	{ "netkit", "6.7", "CONFIG_NETKIT", 54, probe_in_netns },
	{ "netfilter_link", "6.4", "CONFIG_NETFILTER_BPF_LINK", 45, probe_in_netns },
	{ "struct_ops_link", "6.4", "CONFIG_DEBUG_INFO_BTF", 0, probe_struct_ops_link },
	{ "sockmap_link", "6.10", "CONFIG_BPF_STREAM_PARSER", 7, probe_bad_target },
};

const struct feature_row kernel_features[] = {
	{ "btf", "5.4", "CONFIG_DEBUG_INFO_BTF", 0, probe_btf },
	{ "module_btf", "5.11", "CONFIG_DEBUG_INFO_BTF_MODULES", 0, probe_module_btf },
	{ "bpf_calls", "4.16", NULL, 1, probe_instructions },
	{ "jmp32", "5.1", NULL, 2, probe_instructions },
	{ "large_programs", "5.2", NULL, 3, probe_instructions },
	{ "bounded_loops", "5.3", NULL, 4, probe_instructions },
	{ "atomics", "5.12", NULL, 5, probe_instructions },
	{ "cpu_v4", "6.6", NULL, 6, probe_instructions },
	{ "mmap_array", "5.5", NULL, 0, probe_mmap_array },
	{ "batch", "5.6", NULL, 0, probe_batch },
	{ "statistics", "5.8", NULL, 0, probe_stats },
	{ "sleepable_lsm", "5.11", "CONFIG_BPF_LSM", 0, probe_sleepable },
};

const size_t n_program_features = COUNT(program_features);
const size_t n_map_features = COUNT(map_features);
const size_t n_attach_features = COUNT(attach_features);
const size_t n_kernel_features = COUNT(kernel_features);
