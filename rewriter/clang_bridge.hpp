/*
 * What the C++ files of the bridge share: how diagnostics leave it, and how a compiler of Clang is
 * set up. No other file includes this.
 */
#ifndef REWRITER_CLANG_BRIDGE_HPP
#define REWRITER_CLANG_BRIDGE_HPP

#include "bridge.h"
#include "clang_compat.h"

#include <clang/Basic/Diagnostic.h>
#include <clang/Frontend/CompilerInstance.h>
#include <new>

using llvm::StringRef;

/* Hands diagnostics to the caller of the bridge and counts its errors. */
struct Reporter {
	bridge_diag_fn fn;
	void *data;
	unsigned errors = 0;

	Reporter(bridge_diag_fn fn, void *data) : fn(fn), data(data) {}

	void report(const bridge_diag &diag)
	{
		if (diag.severity == BRIDGE_ERROR)
			errors++;
		fn(data, &diag);
	}

	void error(const char *message)
	{
		bridge_diag diag = {};

		diag.severity = BRIDGE_ERROR;
		diag.message = message;
		report(diag);
	}

	void at(bridge_severity severity, StringRef message, const clang::SourceManager &sm,
		const clang::LangOptions &opts, clang::SourceLocation loc,
		llvm::ArrayRef<clang::CharSourceRange> ranges);
};

/* Hands Clang's diagnostics to the reporter. */
class Sink : public clang::DiagnosticConsumer {
public:
	explicit Sink(Reporter &reporter) : reporter(reporter) {}

	void BeginSourceFile(const clang::LangOptions &opts, const clang::Preprocessor *) override
	{
		lang = &opts;
	}

	void EndSourceFile() override
	{
		lang = nullptr;
	}

	void HandleDiagnostic(clang::DiagnosticsEngine::Level level,
			      const clang::Diagnostic &info) override;

private:
	Reporter &reporter;
	const clang::LangOptions *lang = nullptr;
};

/*
 * LLVM gives up by calling a handler that must not return, and the allocator does the same. While
 * this lives both end the process after the reason was reported: nothing in it can be trusted any
 * more.
 */
class FatalScope {
public:
	explicit FatalScope(Reporter &reporter);
	~FatalScope();

private:
	std::new_handler previous;
};

/*
 * Gives a compiler its files, options and diagnostics, ready to execute one action; last are
 * options that come after the caller's. False after an error was reported.
 */
bool prepare(clang::CompilerInstance &ci, Sink &sink, const bridge_input *in,
	     llvm::ArrayRef<const char *> last);

#endif
