/*
 * .BTF.ext as the kernel's Documentation/bpf/btf.rst describes it: a header, then per section of
 * code a run of records {insn_off, file_name_off, line_off, line_col}, where line_col has the line
 * in its upper 22 bits and the column in its lower 10.
 */
#include "lineinfo.h"

#include <elf.h>
#include <stdbool.h>
#include <string.h>

struct span {
	char *data;
	size_t size;
};

struct ext_header {
	uint16_t magic;
	uint8_t version, flags;
	uint32_t hdr_len, func_info_off, func_info_len, line_info_off, line_info_len;
};

struct btf_head {
	uint16_t magic;
	uint8_t version, flags;
	uint32_t hdr_len, type_off, type_len, str_off, str_len;
};

struct line_record {
	uint32_t insn_off, file_name_off, line_off, line_col;
};

static bool inside(const struct span *s, uint64_t at, uint64_t n)
{
	return at <= s->size && n <= s->size - at;
}

static struct span find_section(struct span elf, const char *name)
{
	struct span none = { NULL, 0 };
	Elf64_Ehdr eh;
	Elf64_Shdr names, sh;

	if (elf.size < sizeof(eh))
		return none;
	memcpy(&eh, elf.data, sizeof(eh));
	if (!inside(&elf, eh.e_shoff, (uint64_t)eh.e_shnum * sizeof(sh)) ||
	    eh.e_shstrndx >= eh.e_shnum)
		return none;
	memcpy(&names, elf.data + eh.e_shoff + eh.e_shstrndx * sizeof(sh), sizeof(names));
	for (unsigned i = 0; i < eh.e_shnum; i++) {
		memcpy(&sh, elf.data + eh.e_shoff + i * sizeof(sh), sizeof(sh));
		if (!inside(&elf, names.sh_offset + sh.sh_name, strlen(name) + 1) ||
		    strcmp(elf.data + names.sh_offset + sh.sh_name, name))
			continue;
		if (!inside(&elf, sh.sh_offset, sh.sh_size))
			return none;
		return (struct span){ elf.data + sh.sh_offset, sh.sh_size };
	}
	return none;
}

static struct span strings_of(struct span btf)
{
	struct span none = { NULL, 0 };
	struct btf_head head;

	if (btf.size < sizeof(head))
		return none;
	memcpy(&head, btf.data, sizeof(head));
	if (!inside(&btf, (uint64_t)head.hdr_len + head.str_off, head.str_len))
		return none;
	return (struct span){ btf.data + head.hdr_len + head.str_off, head.str_len };
}

static bool is_main(const struct span *strings, uint32_t at, const char *main_name)
{
	const char *name = strings->data + at;
	size_t n, m = strlen(main_name);

	if (at >= strings->size)
		return false;
	n = strnlen(name, strings->size - at);
	return n >= m && !memcmp(name + n - m, main_name, m) &&
	       (n == m || name[n - m - 1] == '/');
}

struct mapping {
	struct span strings;
	const char *main_name;
	line_map_fn map;
	void *data;
};

static void map_run(const struct mapping *m, char *records, uint32_t count, uint32_t size)
{
	uint32_t line = 0, column = 0, file = 0;

	for (uint32_t i = 0; i < count; i++) {
		struct line_record r;

		memcpy(&r, records + (size_t)i * size, sizeof(r));
		if (is_main(&m->strings, r.file_name_off, m->main_name)) {
			uint32_t l = r.line_col >> 10, c = r.line_col & 0x3ff;

			if (m->map(m->data, &l, &c)) {
				line = l;
				column = c > 0x3ff ? 0x3ff : c;
				file = r.file_name_off;
			}
		}
		if (!line)
			continue;
		r.line_col = line << 10 | column;
		r.file_name_off = file;
		memcpy(records + (size_t)i * size, &r, sizeof(r));
	}
}

void lineinfo_map(void *object, size_t size, const char *main_name, line_map_fn map, void *data)
{
	struct span elf = { object, size }, ext = find_section(elf, ".BTF.ext");
	struct mapping m = { strings_of(find_section(elf, ".BTF")), main_name, map, data };
	struct ext_header head;
	uint64_t at, end;
	uint32_t record_size;

	if (!m.strings.data || ext.size < sizeof(head))
		return;
	memcpy(&head, ext.data, sizeof(head));
	at = (uint64_t)head.hdr_len + head.line_info_off;
	end = at + head.line_info_len;
	if (head.line_info_len < 4 || !inside(&ext, at, head.line_info_len))
		return;
	memcpy(&record_size, ext.data + at, 4);
	if (record_size < sizeof(struct line_record))
		return;
	for (at += 4; at + 8 <= end;) {
		uint32_t count;

		memcpy(&count, ext.data + at + 4, 4);
		at += 8;
		if ((uint64_t)count * record_size > end - at)
			return;
		map_run(&m, ext.data + at, count, record_size);
		at += (uint64_t)count * record_size;
	}
}
