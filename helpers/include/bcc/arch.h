/*
 * The architecture the program is built for, as data: registers, page size, open flags. The
 * compiler says which with -D__TARGET_ARCH_name; the host's own macros do not exist for the BPF
 * target.
 */
#ifndef BCC_ARCH_H
#define BCC_ARCH_H

#if defined(__TARGET_ARCH_x86)
#include <bcc/arch/x86.h>
#elif defined(__TARGET_ARCH_arm64)
#include <bcc/arch/arm64.h>
#elif defined(__TARGET_ARCH_s390)
#include <bcc/arch/s390.h>
#elif defined(__TARGET_ARCH_powerpc)
#include <bcc/arch/powerpc.h>
#elif defined(__TARGET_ARCH_riscv)
#include <bcc/arch/riscv.h>
#elif defined(__TARGET_ARCH_mips)
#include <bcc/arch/mips.h>
#elif defined(__TARGET_ARCH_loongarch)
#include <bcc/arch/loongarch.h>
#else
#error "define __TARGET_ARCH_ with x86, arm64, s390, powerpc, riscv, mips or loongarch"
#endif

#endif
