/* Machines. */
#ifndef BCC_LINUX_ELF_EM_H
#define BCC_LINUX_ELF_EM_H

#define EM_NONE		0
#define EM_M32		1
#define EM_SPARC	2
#define EM_386		3
#define EM_68K		4
#define EM_88K		5
#define EM_486		6
#define EM_860		7
#define EM_MIPS		8
#define EM_MIPS_RS3_LE	10
#define EM_MIPS_RS4_BE	10
#define EM_PARISC	15
#define EM_SPARC32PLUS	18
#define EM_PPC		20
#define EM_PPC64	21
#define EM_S390		22
#define EM_SPU		23
#define EM_ARM		40
#define EM_SH		42
#define EM_SPARCV9	43
#define EM_H8_300	46
#define EM_IA_64	50
#define EM_X86_64	62
#define EM_CRIS		76
#define EM_OPENRISC	92
#define EM_ARCOMPACT	93
#define EM_XTENSA	94
#define EM_BLACKFIN	106
#define EM_UNICORE	110
#define EM_ALTERA_NIOS2	113
#define EM_TI_C6000	140
#define EM_HEXAGON	164
#define EM_NDS32	167
#define EM_AARCH64	183
#define EM_TILEPRO	188
#define EM_MICROBLAZE	189
#define EM_TILEGX	191
#define EM_ARCV2	195
#define EM_RISCV	243
#define EM_BPF		247
#define EM_CSKY		252
#define EM_LOONGARCH	258

#define EM_ALPHA	0x9026

#endif
