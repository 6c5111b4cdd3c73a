/*
 * Writing and reading the fields of frames. A field is a u32, or a u32 length and that many bytes;
 * the length of a string counts its NUL, and no string at all has the length 0.
 */
#include "compile/protocol.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Makes room for size more bytes and returns where they go, or NULL. */
static char *grow(struct frame *f, size_t size)
{
	const size_t max = sizeof(struct frame_header) + PROTOCOL_MAX_PAYLOAD;
	size_t capacity = f->capacity ? f->capacity : 256;
	char *data;

	if (!f->error && size > max - f->size)
		f->error = -E2BIG;
	if (f->error)
		return NULL;
	while (capacity < f->size + size)
		capacity *= 2;
	if (capacity != f->capacity) {
		data = realloc(f->data, capacity);
		if (!data) {
			f->error = -ENOMEM;
			return NULL;
		}
		f->data = data;
		f->capacity = capacity;
	}
	f->size += size;
	return f->data + f->size - size;
}

void frame_start(struct frame *f, enum frame_type type)
{
	struct frame_header header = { .type = type };
	char *to;

	memset(f, 0, sizeof(*f));
	to = grow(f, sizeof(header));
	if (to)
		memcpy(to, &header, sizeof(header));
}

void frame_u32(struct frame *f, uint32_t value)
{
	char *to = grow(f, sizeof(value));

	if (to)
		memcpy(to, &value, sizeof(value));
}

void frame_u64(struct frame *f, uint64_t value)
{
	frame_u32(f, (uint32_t)value);
	frame_u32(f, (uint32_t)(value >> 32));
}

void frame_bytes(struct frame *f, const void *data, size_t size)
{
	char *to;

	frame_u32(f, (uint32_t)size); /* a size that does not fit fails below */
	to = grow(f, size);
	if (to && size)
		memcpy(to, data, size);
}

void frame_string(struct frame *f, const char *text)
{
	frame_bytes(f, text, text ? strlen(text) + 1 : 0);
}

void frame_strings(struct frame *f, const char *const *list, size_t n)
{
	frame_u32(f, (uint32_t)n);
	for (size_t i = 0; i < n; i++)
		frame_string(f, list[i]);
}

int frame_finish(struct frame *f)
{
	struct frame_header header;

	if (f->error)
		return f->error;
	memcpy(&header, f->data, sizeof(header));
	header.size = (uint32_t)(f->size - sizeof(header));
	memcpy(f->data, &header, sizeof(header));
	return 0;
}

void frame_free(struct frame *f)
{
	free(f->data);
	memset(f, 0, sizeof(*f));
}

/* The next size bytes of the payload, or NULL when there are fewer. */
static const char *take(struct payload *p, size_t size)
{
	const char *from = p->data + p->at;

	if (p->failed || size > p->size - p->at) {
		p->failed = true;
		return NULL;
	}
	p->at += size;
	return from;
}

uint32_t payload_u32(struct payload *p)
{
	uint32_t value = 0;
	const char *from = take(p, sizeof(value));

	if (from)
		memcpy(&value, from, sizeof(value));
	return value;
}

uint64_t payload_u64(struct payload *p)
{
	uint64_t low = payload_u32(p);

	return low | (uint64_t)payload_u32(p) << 32;
}

const void *payload_bytes(struct payload *p, size_t *size)
{
	const char *from;

	*size = payload_u32(p);
	from = take(p, *size);
	if (!from)
		*size = 0;
	return from;
}

const char *payload_string(struct payload *p)
{
	size_t size;
	const char *text = payload_bytes(p, &size);

	if (!text || !size)
		return NULL;
	/* Its own NUL at the end and no other: both sides see the same string. */
	if (memchr(text, '\0', size) != text + size - 1) {
		p->failed = true;
		return NULL;
	}
	return text;
}

const char **payload_strings(struct payload *p, size_t *n)
{
	uint32_t count = payload_u32(p);
	const char **list;

	*n = 0;
	/* Each has a length at least: a count that cannot be true costs no memory. */
	if (p->failed || count > (p->size - p->at) / sizeof(uint32_t)) {
		p->failed = true;
		return NULL;
	}
	list = calloc((size_t)count + 1, sizeof(*list));
	if (!list) {
		p->failed = true;
		return NULL;
	}
	for (uint32_t i = 0; i < count; i++) {
		list[i] = payload_string(p);
		if (!list[i]) {
			p->failed = true;
			free(list);
			return NULL;
		}
	}
	*n = count;
	return list;
}

bool payload_end(const struct payload *p)
{
	return !p->failed && p->at == p->size;
}

size_t strings_count(const char *const *list)
{
	size_t n = 0;

	while (list && list[n])
		n++;
	return n;
}
