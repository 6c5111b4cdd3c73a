/*
 * bcc/bcc.h - everything. From text to a table that is read, without error handling:
 *
 *	struct bcc_context *ctx;
 *	struct bcc_module *mod;
 *	bcc_context_create(NULL, &ctx);
 *	bcc_module_create(ctx, text, NULL, &mod);
 *	bcc_module_attach_all(mod);
 *	sleep(1);
 *	bcc_table_get(bcc_module_table(mod, "counts"), &key, &value);
 *	bcc_context_destroy(ctx);
 */
#ifndef BCC_BCC_H
#define BCC_BCC_H

#include <bcc/common.h>
#include <bcc/context.h>
#include <bcc/diag.h>
#include <bcc/feature.h>
#include <bcc/kernel.h>
#include <bcc/link.h>
#include <bcc/list.h>
#include <bcc/module.h>
#include <bcc/program.h>
#include <bcc/symbol.h>
#include <bcc/table.h>
#include <bcc/test_run.h>
#include <bcc/type.h>
#include <bcc/variable.h>

#endif
