/*
 * Histograms as text, from an array of counts.
 */
#ifndef BCC_TABLE_HISTOGRAM_H
#define BCC_TABLE_HISTOGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "table/strbuf.h"

#define HISTOGRAM_LOG2_SLOTS 65
#define HISTOGRAM_LINEAR_SLOTS 65536

/* Writes counts[0] to counts[n - 1] as rows up to the last that is not zero; nothing when all are.
 * Slot k of a log2 histogram stands for 2^(k-1) to 2^k - 1, slot 0 for zero alone. */
void histogram_log2(struct strbuf *sb, const char *value_name, const uint64_t *counts, size_t n);
void histogram_linear(struct strbuf *sb, const char *value_name, const uint64_t *counts, size_t n);

#endif
