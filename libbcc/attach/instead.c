/*
 * Which tracepoint tells about the same as a kernel function, for kernels where functions cannot be
 * probed. The functions are those that tracing tools are known to probe; the tracepoints are named
 * as in tracefs. More than one row may fit: the first whose tracepoint the kernel has is taken.
 */
#include <fnmatch.h>
#include <stddef.h>

#include "attach/instead.h"

static const struct {
	const char *function; /* a glob */
	const char *tracepoint;
} rows[] = {
	{ "tcp_v[46]_connect", "sock:inet_sock_set_state" },
	{ "tcp_connect", "sock:inet_sock_set_state" },
	{ "inet_csk_accept", "sock:inet_sock_set_state" },
	{ "tcp_set_state", "sock:inet_sock_set_state" },
	{ "tcp_close", "sock:inet_sock_set_state" },
	{ "tcp_finish_connect", "sock:inet_sock_set_state" },
	{ "tcp_rcv_state_process", "sock:inet_sock_set_state" },
	{ "inet_listen", "syscalls:sys_enter_listen" },
	{ "inet*_bind", "syscalls:sys_enter_bind" },
	{ "tcp_retransmit_skb", "tcp:tcp_retransmit_skb" },
	{ "tcp_rcv_established", "tcp:tcp_probe" },
	{ "tcp_sendmsg*", "sock:sock_send_length" },
	{ "tcp_recvmsg*", "sock:sock_recv_length" },
	{ "udp*_sendmsg", "sock:sock_send_length" },
	{ "udp*_recvmsg", "sock:sock_recv_length" },
	{ "tcp_drop*", "skb:kfree_skb" },
	{ "kfree_skb*", "skb:kfree_skb" },
	{ "consume_skb", "skb:consume_skb" },
	{ "dev_queue_xmit*", "net:net_dev_queue" },
	{ "netif_receive_skb*", "net:netif_receive_skb" },
	{ "blk_account_io_start*", "block:block_io_start" },
	{ "__blk_account_io_start*", "block:block_io_start" },
	{ "blk_account_io_done*", "block:block_io_done" },
	{ "__blk_account_io_done*", "block:block_io_done" },
	{ "blk_mq_start_request", "block:block_rq_issue" },
	{ "blk_*", "block:block_rq_issue" },
	{ "submit_bio*", "block:block_bio_queue" },
	{ "finish_task_switch*", "sched:sched_switch" },
	{ "schedule", "sched:sched_switch" },
	{ "try_to_wake_up", "sched:sched_wakeup" },
	{ "ttwu_do_wakeup*", "sched:sched_wakeup" },
	{ "wake_up_new_task", "sched:sched_wakeup_new" },
	{ "kernel_clone", "sched:sched_process_fork" },
	{ "_do_fork", "sched:sched_process_fork" },
	{ "sched_fork", "sched:sched_process_fork" },
	{ "do_exit", "sched:sched_process_exit" },
	{ "bprm_execve", "sched:sched_process_exec" },
	{ "do_execve*", "sched:sched_process_exec" },
	{ "do_sys_open*", "syscalls:sys_enter_openat" },
	{ "do_filp_open", "syscalls:sys_enter_openat" },
	{ "vfs_open", "syscalls:sys_enter_openat" },
	{ "vfs_read*", "syscalls:sys_enter_read" },
	{ "vfs_write*", "syscalls:sys_enter_write" },
	{ "vfs_fsync*", "syscalls:sys_enter_fsync" },
	{ "vfs_unlink", "syscalls:sys_enter_unlinkat" },
	{ "vfs_rename", "syscalls:sys_enter_renameat2" },
	{ "vfs_stat*", "syscalls:sys_enter_newfstatat" },
	{ "do_mount", "syscalls:sys_enter_mount" },
	{ "cap_capable", "capability:cap_capable" },
	{ "oom_kill_process", "oom:mark_victim" },
	{ "add_to_page_cache_lru", "filemap:mm_filemap_add_to_page_cache" },
	{ "filemap_add_folio", "filemap:mm_filemap_add_to_page_cache" },
	{ "*mark_*_dirty*", "writeback:writeback_dirty_folio" },
	{ "*dirty_folio*", "writeback:writeback_dirty_folio" },
	{ "handle_mm_fault", "exceptions:page_fault_user" },
	{ "try_to_free_pages", "vmscan:mm_vmscan_direct_reclaim_begin" },
	{ "kmem_cache_alloc*", "kmem:kmem_cache_alloc" },
	{ "kmem_cache_free*", "kmem:kmem_cache_free" },
	{ "__kmalloc*", "kmem:kmalloc" },
	{ "kfree", "kmem:kfree" },
	{ "mutex_lock*", "lock:contention_begin" },
	{ "handle_irq_event*", "irq:irq_handler_entry" },
	{ "__do_softirq", "irq:softirq_entry" },
	{ "send_signal*", "signal:signal_generate" },
	{ "complete_signal", "signal:signal_generate" },
	{ "tty_write", "syscalls:sys_enter_write" },
};

const char *instead_of_function(const char *function, instead_has_fn has, void *data)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (!fnmatch(rows[i].function, function, 0) && has(data, rows[i].tracepoint))
			return rows[i].tracepoint;
	return NULL;
}
