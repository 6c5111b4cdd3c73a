/* Numbers of system calls. Since 424 all architectures count alike (MIPS from 5000 on). */
#ifndef BCC_ASM_UNISTD_H
#define BCC_ASM_UNISTD_H

#if defined(__TARGET_ARCH_x86)
#include <bcc/arch/x86-unistd.h>
#elif defined(__TARGET_ARCH_s390)
#include <bcc/arch/s390-unistd.h>
#elif defined(__TARGET_ARCH_powerpc)
#include <bcc/arch/powerpc-unistd.h>
#elif defined(__TARGET_ARCH_mips)
#include <bcc/arch/mips-unistd.h>
#else
#include <bcc/arch/generic-unistd.h>
#endif

#ifdef __TARGET_ARCH_mips
#define _BCC_NR(n)	(5000 + (n))
#else
#define _BCC_NR(n)	(n)
#endif

#define __NR_pidfd_send_signal		_BCC_NR(424)
#define __NR_io_uring_setup		_BCC_NR(425)
#define __NR_io_uring_enter		_BCC_NR(426)
#define __NR_io_uring_register		_BCC_NR(427)
#define __NR_open_tree			_BCC_NR(428)
#define __NR_move_mount			_BCC_NR(429)
#define __NR_fsopen			_BCC_NR(430)
#define __NR_fsconfig			_BCC_NR(431)
#define __NR_fsmount			_BCC_NR(432)
#define __NR_fspick			_BCC_NR(433)
#define __NR_pidfd_open			_BCC_NR(434)
#define __NR_clone3			_BCC_NR(435)
#define __NR_close_range		_BCC_NR(436)
#define __NR_openat2			_BCC_NR(437)
#define __NR_pidfd_getfd		_BCC_NR(438)
#define __NR_faccessat2			_BCC_NR(439)
#define __NR_process_madvise		_BCC_NR(440)
#define __NR_epoll_pwait2		_BCC_NR(441)
#define __NR_mount_setattr		_BCC_NR(442)
#define __NR_quotactl_fd		_BCC_NR(443)
#define __NR_landlock_create_ruleset	_BCC_NR(444)
#define __NR_landlock_add_rule		_BCC_NR(445)
#define __NR_landlock_restrict_self	_BCC_NR(446)
#define __NR_memfd_secret		_BCC_NR(447)
#define __NR_process_mrelease		_BCC_NR(448)
#define __NR_futex_waitv		_BCC_NR(449)
#define __NR_set_mempolicy_home_node	_BCC_NR(450)
#define __NR_cachestat			_BCC_NR(451)
#define __NR_fchmodat2			_BCC_NR(452)
#define __NR_map_shadow_stack		_BCC_NR(453)
#define __NR_futex_wake			_BCC_NR(454)
#define __NR_futex_wait			_BCC_NR(455)
#define __NR_futex_requeue		_BCC_NR(456)
#define __NR_statmount			_BCC_NR(457)
#define __NR_listmount			_BCC_NR(458)
#define __NR_lsm_get_self_attr		_BCC_NR(459)
#define __NR_lsm_set_self_attr		_BCC_NR(460)
#define __NR_lsm_list_modules		_BCC_NR(461)
#define __NR_mseal			_BCC_NR(462)
#define __NR_setxattrat			_BCC_NR(463)
#define __NR_getxattrat			_BCC_NR(464)
#define __NR_listxattrat		_BCC_NR(465)
#define __NR_removexattrat		_BCC_NR(466)
#define __NR_open_tree_attr		_BCC_NR(467)
#define __NR_file_getattr		_BCC_NR(468)
#define __NR_file_setattr		_BCC_NR(469)

#endif
