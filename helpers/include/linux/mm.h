/* Memory: pages and mappings. The low 32 bits of vm_flags never moved, save for those left out. */
#ifndef BCC_LINUX_MM_H
#define BCC_LINUX_MM_H

#include <linux/sched.h>
#include <linux/mm_types.h>
#include <linux/gfp.h>
#include <linux/page-flags.h>
#include <linux/page_ref.h>

#define PAGE_ALIGN(addr)	ALIGN(addr, PAGE_SIZE)
#define PAGE_ALIGNED(addr)	IS_ALIGNED((unsigned long)(addr), PAGE_SIZE)
#define offset_in_page(p)	((unsigned long)(p) & ~PAGE_MASK)

/* vm_area_struct.vm_flags */
#define VM_NONE		0x0
#define VM_READ		0x1
#define VM_WRITE	0x2
#define VM_EXEC		0x4
#define VM_SHARED	0x8
#define VM_MAYREAD	0x10
#define VM_MAYWRITE	0x20
#define VM_MAYEXEC	0x40
#define VM_MAYSHARE	0x80
#define VM_GROWSDOWN	0x100
#define VM_PFNMAP	0x400
#define VM_LOCKED	0x2000
#define VM_IO		0x4000
#define VM_SEQ_READ	0x8000
#define VM_RAND_READ	0x10000
#define VM_DONTCOPY	0x20000
#define VM_DONTEXPAND	0x40000
#define VM_LOCKONFAULT	0x80000
#define VM_ACCOUNT	0x100000
#define VM_NORESERVE	0x200000
#define VM_HUGETLB	0x400000
#define VM_SYNC		0x800000
#define VM_ARCH_1	0x1000000
#define VM_WIPEONFORK	0x2000000
#define VM_DONTDUMP	0x4000000
#define VM_MIXEDMAP	0x10000000
#define VM_HUGEPAGE	0x20000000
#define VM_NOHUGEPAGE	0x40000000
#define VM_MERGEABLE	0x80000000

#define VM_ACCESS_FLAGS		(VM_READ | VM_WRITE | VM_EXEC)
#define VM_SPECIAL		(VM_IO | VM_DONTEXPAND | VM_PFNMAP | VM_MIXEDMAP)

/* Accessors. */
#define page_count(page)	page_ref_count(page)
#define vma_pages(vma)		(((vma)->vm_end - (vma)->vm_start) >> PAGE_SHIFT)
#define get_mm_counter(mm, member)	((mm)->rss_stat.count[member].counter)

#endif
