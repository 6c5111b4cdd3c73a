/*
 * The few types that every program may use although its kernel has no BTF, or BTF without them;
 * and C's names of the integers that BTF calls by the compiler's.
 */
#include <string.h>

#include "kernel/types.h"

struct pair {
	const char *name;
	const char *c;
};

static const struct pair typedefs[] = {
	{ "__be16", "unsigned short" },
	{ "__be32", "unsigned int" },
	{ "__be64", "unsigned long long" },
	{ "__kernel_pid_t", "int" },
	{ "__kernel_size_t", "unsigned long" },
	{ "__kernel_ssize_t", "long" },
	{ "__le16", "unsigned short" },
	{ "__le32", "unsigned int" },
	{ "__le64", "unsigned long long" },
	{ "__s16", "short" },
	{ "__s32", "int" },
	{ "__s64", "long long" },
	{ "__s8", "signed char" },
	{ "__sum16", "unsigned short" },
	{ "__u16", "unsigned short" },
	{ "__u32", "unsigned int" },
	{ "__u64", "unsigned long long" },
	{ "__u8", "unsigned char" },
	{ "__wsum", "unsigned int" },
	{ "atomic64_t", "struct { long long counter; }" },
	{ "atomic_t", "struct { int counter; }" },
	{ "blkcnt_t", "unsigned long long" },
	{ "bool", "_Bool" },
	{ "clockid_t", "int" },
	{ "dev_t", "unsigned int" },
	{ "fmode_t", "unsigned int" },
	{ "gfp_t", "unsigned int" },
	{ "gid_t", "unsigned int" },
	{ "ino_t", "unsigned long" },
	{ "int16_t", "short" },
	{ "int32_t", "int" },
	{ "int64_t", "long long" },
	{ "int8_t", "signed char" },
	{ "key_t", "int" },
	{ "ktime_t", "long long" },
	{ "loff_t", "long long" },
	{ "mode_t", "unsigned short" },
	{ "nlink_t", "unsigned int" },
	{ "off_t", "long" },
	{ "pid_t", "int" },
	{ "ptrdiff_t", "long" },
	{ "s16", "short" },
	{ "s32", "int" },
	{ "s64", "long long" },
	{ "s8", "signed char" },
	{ "sector_t", "unsigned long long" },
	{ "size_t", "unsigned long" },
	{ "ssize_t", "long" },
	{ "time64_t", "long long" },
	{ "u16", "unsigned short" },
	{ "u32", "unsigned int" },
	{ "u64", "unsigned long long" },
	{ "u8", "unsigned char" },
	{ "uid_t", "unsigned int" },
	{ "uint", "unsigned int" },
	{ "uint16_t", "unsigned short" },
	{ "uint32_t", "unsigned int" },
	{ "uint64_t", "unsigned long long" },
	{ "uint8_t", "unsigned char" },
	{ "uintptr_t", "unsigned long" },
	{ "ulong", "unsigned long" },
	{ "umode_t", "unsigned short" },
	{ "ushort", "unsigned short" },
};

const char *base_typedef(const char *name)
{
	for (size_t i = 0; i < sizeof(typedefs) / sizeof(typedefs[0]); i++) {
		if (strcmp(typedefs[i].name, name) == 0)
			return typedefs[i].c;
	}
	return NULL;
}

static const struct {
	const char *name; /* gcc's or clang's */
	const char *c;
	uint32_t size;
} integers[] = {
	{ "_Bool", "_Bool", 1 },
	{ "bool", "_Bool", 1 },
	{ "char", "char", 1 },
	{ "signed char", "signed char", 1 },
	{ "unsigned char", "unsigned char", 1 },
	{ "short", "short", 2 },
	{ "short int", "short", 2 },
	{ "unsigned short", "unsigned short", 2 },
	{ "short unsigned int", "unsigned short", 2 },
	{ "int", "int", 4 },
	{ "unsigned int", "unsigned int", 4 },
	{ "long", "long", 8 },
	{ "long int", "long", 8 },
	{ "unsigned long", "unsigned long", 8 },
	{ "long unsigned int", "unsigned long", 8 },
	{ "long long", "long long", 8 },
	{ "long long int", "long long", 8 },
	{ "unsigned long long", "unsigned long long", 8 },
	{ "long long unsigned int", "unsigned long long", 8 },
	{ "__int128", "__int128", 16 },
	{ "unsigned __int128", "unsigned __int128", 16 },
	{ "__int128 unsigned", "unsigned __int128", 16 },
};

const char *base_integer(const char *name, uint32_t size, bool is_signed)
{
	for (size_t i = 0; i < sizeof(integers) / sizeof(integers[0]); i++) {
		if (integers[i].size == size && strcmp(integers[i].name, name) == 0)
			return integers[i].c;
	}
	switch (size) {
	case 1:
		return is_signed ? "signed char" : "unsigned char";
	case 2:
		return is_signed ? "short" : "unsigned short";
	case 4:
		return is_signed ? "int" : "unsigned int";
	case 8:
		return is_signed ? "long long" : "unsigned long long";
	case 16:
		return is_signed ? "__int128" : "unsigned __int128";
	default:
		return NULL;
	}
}
