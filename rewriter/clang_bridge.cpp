/*
 * The bridge to Clang, the part that expanding and code generation share: diagnostics, the files
 * that a compile may see, and its options.
 *
 * The C++ of the project is the files clang_*.cpp, and no exception or RTTI is used in them.
 */
#include "clang_bridge.hpp"

#include <clang/Frontend/CompilerInvocation.h>
#include <clang/Frontend/FrontendOptions.h>
#include <clang/Lex/Lexer.h>
#include <llvm/Support/ErrorHandling.h>
#include <llvm/Support/MemoryBuffer.h>

#include <cstdlib>
#include <cstring>
#include <string>
#include <unistd.h>
#include <vector>

namespace {

constexpr size_t max_file = 64 << 20;
constexpr size_t max_source_line = 1024;

/* One past the last byte of what the diagnostic is about: the range around loc on its line, or the
 * token at loc. Offsets are those of the file. */
unsigned end_offset(const clang::SourceManager &sm, const clang::LangOptions &opts,
		    clang::SourceLocation loc, llvm::ArrayRef<clang::CharSourceRange> ranges)
{
	auto [file, offset] = sm.getDecomposedLoc(loc);
	unsigned end = offset + clang::Lexer::MeasureTokenLength(loc, sm, opts);

	for (const clang::CharSourceRange &range : ranges) {
		if (range.isInvalid())
			continue;
		clang::SourceLocation first = sm.getFileLoc(range.getBegin());
		clang::SourceLocation last = sm.getFileLoc(range.getEnd());
		auto [begin_file, begin_offset] = sm.getDecomposedLoc(first);
		auto [last_file, last_offset] = sm.getDecomposedLoc(last);

		if (begin_file != file || last_file != file || begin_offset > offset)
			continue;
		if (range.isTokenRange())
			last_offset += clang::Lexer::MeasureTokenLength(last, sm, opts);
		if (last_offset > end)
			end = last_offset;
	}
	return end;
}

Reporter *last_words; /* of the call that is running */
void *reserve;           /* memory for the report of there being none */

void on_fatal(void *, const char *reason, bool)
{
	if (last_words)
		last_words->error(reason);
	_exit(1);
}

void on_no_memory()
{
	free(reserve);
	reserve = nullptr;
	on_fatal(nullptr, "the compiler ran out of memory", false);
}

void on_bad_alloc(void *, const char *, bool)
{
	on_no_memory();
}

/* The disk, but for what could block or never end: only directories and files of sane size. */
class RegularFiles : public llvm::vfs::ProxyFileSystem {
public:
	RegularFiles() : ProxyFileSystem(llvm::vfs::getRealFileSystem()) {}

	llvm::ErrorOr<std::unique_ptr<llvm::vfs::File>>
	openFileForRead(const llvm::Twine &path) override
	{
		llvm::ErrorOr<llvm::vfs::Status> found = status(path);

		if (!found)
			return found.getError();
		if (found->getType() == llvm::sys::fs::file_type::regular_file &&
		    found->getSize() > max_file)
			return std::make_error_code(std::errc::file_too_large);
		if (found->getType() != llvm::sys::fs::file_type::regular_file &&
		    found->getType() != llvm::sys::fs::file_type::directory_file)
			return std::make_error_code(std::errc::not_supported);
		return ProxyFileSystem::openFileForRead(path);
	}
};

/* "-" would be read from standard input, and an empty name is no path. */
const char *main_name(const bridge_input *in)
{
	if (!in->name || !*in->name)
		return "main.c";
	return strcmp(in->name, "-") ? in->name : "<stdin>";
}

llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> make_files(const bridge_input *in)
{
	llvm::IntrusiveRefCntPtr<llvm::vfs::InMemoryFileSystem> memory(
		new llvm::vfs::InMemoryFileSystem);
	llvm::IntrusiveRefCntPtr<llvm::vfs::OverlayFileSystem> files(
		new llvm::vfs::OverlayFileSystem(new RegularFiles));

	/* First the overlay, which hands on the working directory: relative names need it. */
	files->pushOverlay(memory);
	memory->addFile(main_name(in), 0,
			llvm::MemoryBuffer::getMemBufferCopy(StringRef(in->text, in->size)));
	for (size_t i = 0; i < in->n_files; i++)
		memory->addFile(in->files[i].path, 0,
				llvm::MemoryBuffer::getMemBufferCopy(
					StringRef(in->files[i].text, in->files[i].size)));
	return files;
}

/* Whether an option's value is the next argument. */
bool takes_value(StringRef arg)
{
	return arg == "-D" || arg == "-U" || arg == "-I" || arg == "-isystem" || arg == "-include";
}

/*
 * The options of every run, so that both see the same predefined macros. The caller's follow, but
 * for -g, -O and -mcpu: words of the driver that cc1 does not know, and the first two are fixed.
 */
std::vector<const char *> make_args(const bridge_input *in, llvm::ArrayRef<const char *> last)
{
	std::vector<const char *> args = {
		"-triple", "bpfel", "-x", "c", "-std=gnu17", "-O2", "-disable-free",
		"-nostdsysteminc", "-nobuiltininc", "-fno-builtin", "-fno-jump-tables",
	};
	const char *cpu = "v3";

	for (const char *const *arg = in->args; arg && *arg; arg++) {
		StringRef text(*arg);

		if (text.consume_front("-mcpu=")) {
			cpu = text.data();
		} else if (takes_value(text) && arg[1]) {
			args.push_back(*arg++);
			args.push_back(*arg);
		} else if (!text.consume_front("-g") && !text.consume_front("-O")) {
			args.push_back(*arg);
		}
	}
	args.push_back("-target-cpu");
	args.push_back(cpu);
	args.insert(args.end(), last.begin(), last.end());
	return args;
}

} // namespace

void Reporter::at(bridge_severity severity, StringRef message, const clang::SourceManager &sm,
		  const clang::LangOptions &opts, clang::SourceLocation loc,
		  llvm::ArrayRef<clang::CharSourceRange> ranges)
{
	std::string text = message.str(), line;
	bridge_diag diag = {};

	diag.severity = severity;
	diag.message = text.c_str();
	if (loc.isValid())
		loc = sm.getFileLoc(loc);
	clang::PresumedLoc place = sm.getPresumedLoc(loc);
	if (place.isInvalid()) {
		report(diag);
		return;
	}
	diag.file = place.getFilename();
	diag.line = place.getLine();
	diag.column = place.getColumn();

	auto [file, offset] = sm.getDecomposedLoc(loc);
	StringRef buffer = sm.getBufferData(file);
	size_t start = buffer.rfind('\n', offset);
	start = start == StringRef::npos ? 0 : start + 1;
	if (start > offset) /* loc is a newline itself */
		start = offset;
	size_t stop = std::min(buffer.find_first_of("\r\n", offset), buffer.size());
	unsigned end = end_offset(sm, opts, loc, ranges);

	diag.end_column = diag.column + (std::min<size_t>(end, stop) - offset);
	if (diag.end_column <= diag.column)
		diag.end_column = diag.column + 1;
	if (stop - start <= max_source_line) {
		line = buffer.slice(start, stop).str();
		diag.source_line = line.c_str();
	}
	report(diag);
}

void Sink::HandleDiagnostic(clang::DiagnosticsEngine::Level level, const clang::Diagnostic &info)
{
	llvm::SmallString<256> message;
	bridge_severity severity = BRIDGE_NOTE;

	clang::DiagnosticConsumer::HandleDiagnostic(level, info);
	if (level < clang::DiagnosticsEngine::Note || level == clang::DiagnosticsEngine::Remark)
		return;
	if (level == clang::DiagnosticsEngine::Warning)
		severity = BRIDGE_WARNING;
	else if (level >= clang::DiagnosticsEngine::Error)
		severity = BRIDGE_ERROR;
	info.FormatDiagnostic(message);
	if (lang && info.hasSourceManager()) {
		reporter.at(severity, message, info.getSourceManager(), *lang,
			    info.getLocation(), info.getRanges());
		return;
	}
	bridge_diag diag = {};
	diag.severity = severity;
	diag.message = message.c_str();
	reporter.report(diag);
}

FatalScope::FatalScope(Reporter &reporter)
{
	last_words = &reporter;
	reserve = malloc(256 << 10);
	llvm::install_fatal_error_handler(on_fatal);
	llvm::install_bad_alloc_error_handler(on_bad_alloc);
	previous = std::set_new_handler(on_no_memory);
}

FatalScope::~FatalScope()
{
	std::set_new_handler(previous);
	llvm::remove_bad_alloc_error_handler();
	llvm::remove_fatal_error_handler();
	free(reserve);
	reserve = nullptr;
	last_words = nullptr;
}

bool prepare(clang::CompilerInstance &ci, Sink &sink, const bridge_input *in,
	     llvm::ArrayRef<const char *> last)
{
	std::vector<const char *> args = make_args(in, last);
	clang::CompilerInvocation &invocation = ci.getInvocation();

	compat::use_files(ci, make_files(in));
	ci.createDiagnostics(&sink, false);
	if (!clang::CompilerInvocation::CreateFromArgs(invocation, args, ci.getDiagnostics()))
		return false;
	/* Again: -W is only read when they are made. */
	ci.createDiagnostics(&sink, false);
	ci.setVerboseOutputStream(llvm::nulls()); /* "1 error generated." */
	invocation.getFrontendOpts().Inputs = {
		clang::FrontendInputFile(main_name(in), clang::InputKind(clang::Language::C)),
	};
	return true;
}

const char *bridge_llvm_version(void)
{
	return LLVM_VERSION_STRING;
}
