/*
 * The bridge to Clang's preprocessor and code generator (bridge.h): the one C++ file, without
 * exceptions and RTTI. Clang has no C interface for these two; everything else goes through libclang.
 *
 *   shared        diagnostics, the files that a compile may see, its options
 *   expanding     bridge_preprocess(): drives the preprocessor token by token, so that for each
 *                 token that is printed it is known where the user wrote it
 *   generating    bridge_compile(): C to a BPF object with BTF, in two steps, Clang to IR and IR to
 *                 object; between them the backend gets a diagnostic handler that reads positions
 *                 from the debug info, where Clang's own would look for them in the text it parsed
 */
#include "bridge.h"
#include "clang_compat.h"
#include "clang_files.hpp"

#include <clang/Basic/Diagnostic.h>
#include <clang/CodeGen/CodeGenAction.h>
#include <clang/Frontend/CompilerInstance.h>
#include <clang/Frontend/CompilerInvocation.h>
#include <clang/Frontend/FrontendAction.h>
#include <clang/Frontend/FrontendOptions.h>
#include <clang/Lex/Lexer.h>
#include <clang/Lex/PPCallbacks.h>
#include <clang/Lex/Pragma.h>
#include <clang/Lex/Preprocessor.h>
#include <clang/Lex/TokenConcatenation.h>
#include <llvm/ADT/DenseMap.h>
#include <llvm/ADT/StringExtras.h>
#include <llvm/ADT/StringMap.h>
#include <llvm/IR/DebugInfoMetadata.h>
#include <llvm/IR/DiagnosticHandler.h>
#include <llvm/IR/DiagnosticPrinter.h>
#include <llvm/IR/InlineAsm.h>
#include <llvm/IR/InstIterator.h>
#include <llvm/IR/Instructions.h>
#include <llvm/IR/LLVMContext.h>
#include <llvm/Support/ErrorHandling.h>
#include <llvm/Support/FileSystem.h>
#include <llvm/Support/MemoryBuffer.h>
#include <llvm/Support/Path.h>
#include <llvm/Support/SourceMgr.h>
#include <llvm/Support/TargetSelect.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>
#include <string>
#include <unistd.h>
#include <vector>

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

/* --- shared --- */

namespace {

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

/* --- expanding --- */

namespace {

constexpr size_t max_expanded = 64 << 20;
constexpr unsigned max_expansions = 1 << 20;
constexpr size_t max_blank = 200; /* white space between two tokens, indentation */
constexpr unsigned max_gap = 9;   /* newlines; a longer gap becomes one blank line */

/*
 * Prints tokens, each on the line it has in its file as long as that is possible: after a header
 * or a macro that was spread over lines the next line of the file catches up.
 */
class Printer {
public:
	explicit Printer(clang::Preprocessor &pp)
		: pp(pp), sm(pp.getSourceManager()), glue(pp)
	{
		line_of(place_of(sm.getLocForStartOfFile(sm.getMainFileID())));
	}

	void print(const clang::Token &tok);
	void pragma(clang::SourceLocation loc, StringRef words);
	void pragma_tokens(clang::SourceLocation loc, StringRef words, clang::Token first);
	bool full();
	bool take(expanded *out);

	std::vector<std::string> headers; /* embedded ones that were included */

private:
	/* Where a token stands, in a file. */
	struct Place {
		clang::SourceLocation loc;
		clang::FileID file;
		unsigned offset;
	};

	/* The line of a file that was asked for last. Clang counts columns from the start of the
	 * line each time, which takes forever on a line of a megabyte. */
	struct Line {
		unsigned begin = 0, end = 0; /* offsets; the newline belongs to it */
		unsigned number = 0;         /* in the file */
		unsigned presumed = 0;       /* as #line has it, and the file's name */
		uint32_t name = 0;
	};

	Place place_of(clang::SourceLocation loc);
	const Line &line_of(const Place &place);
	uint32_t file_index(const char *name);
	void add_origin(const Place &place, unsigned length);
	void start_line(const Place &place);
	void indent(const Place &place);
	void space(const clang::Token &tok, const Place &place);

	clang::Preprocessor &pp;
	const clang::SourceManager &sm;
	clang::TokenConcatenation glue;

	std::string out;
	std::vector<origin> origins;
	std::vector<std::string> files;
	std::vector<bool> was_read; /* it is no name that #line made up */
	llvm::StringMap<uint32_t> file_ids;

	llvm::DenseMap<clang::FileID, Line> lines;
	llvm::DenseMap<clang::FileID, unsigned> printed; /* the line printed last of each file */
	bool at_line_start = true;                     /* nothing is on this line yet */
	bool must_break = false;                       /* a line comment is */
	clang::Token before_last, last;
	clang::FileID last_file; /* where the token printed last ended; invalid after a macro's */
	unsigned last_end = 0;
};

Printer::Place Printer::place_of(clang::SourceLocation loc)
{
	Place place;

	place.loc = sm.getFileLoc(loc);
	std::tie(place.file, place.offset) = sm.getDecomposedLoc(place.loc);
	return place;
}

const Printer::Line &Printer::line_of(const Place &place)
{
	Line &line = lines[place.file];
	StringRef buffer;
	size_t at;

	if (line.number && place.offset >= line.begin && place.offset < line.end)
		return line;
	buffer = sm.getBufferData(place.file);
	at = buffer.slice(0, place.offset).rfind('\n');
	line.begin = at == StringRef::npos ? 0 : at + 1;
	at = buffer.find('\n', place.offset);
	line.end = at == StringRef::npos ? buffer.size() + 1 : at + 1;
	line.number = sm.getLineNumber(place.file, line.begin);
	clang::PresumedLoc presumed = sm.getPresumedLoc(
		sm.getLocForStartOfFile(place.file).getLocWithOffset(line.begin));
	line.presumed = presumed.isValid() ? presumed.getLine() : 0;
	line.name = file_index(presumed.isValid() ? presumed.getFilename() : "");
	if (presumed.isValid() && sm.getFilename(place.loc) == presumed.getFilename())
		was_read[line.name] = true;
	return line;
}

uint32_t Printer::file_index(const char *name)
{
	auto [entry, added] = file_ids.try_emplace(name, (uint32_t)files.size());

	if (added) {
		files.emplace_back(name);
		was_read.push_back(false);
	}
	return entry->second;
}

void Printer::add_origin(const Place &place, unsigned length)
{
	const Line &line = line_of(place);
	origin entry = {};

	entry.offset = (uint32_t)out.size();
	entry.file = line.name;
	entry.line = line.presumed;
	entry.column = place.offset - line.begin + 1;
	entry.length = length;
	origins.push_back(entry);
}

/* Goes to a new line, and further while the file's own line is further down. */
void Printer::start_line(const Place &place)
{
	unsigned number = line_of(place).number;
	unsigned &last_number = printed[place.file];
	unsigned gap = number > last_number ? number - last_number : 1;

	last_number = number;
	last_file = clang::FileID();
	if (out.empty())
		return;
	if (gap > max_gap)
		gap = 2;
	if (at_line_start) /* after a pragma */
		gap--;
	out.append(gap, '\n');
	at_line_start = true;
	must_break = false;
}

/* Repeats the white space that the token's line begins with. */
void Printer::indent(const Place &place)
{
	StringRef lead = sm.getBufferData(place.file).slice(line_of(place).begin, place.offset);

	lead = lead.substr(0, lead.find_first_not_of(" \t"));
	out.append(lead.data(), std::min<size_t>(lead.size(), max_blank));
}

/* Separates a token from the one before it on the line, as in the file where it can be seen. */
void Printer::space(const clang::Token &tok, const Place &place)
{
	if (tok.getLocation().isFileID() && place.file == last_file && place.offset > last_end) {
		StringRef gap = sm.getBufferData(place.file).slice(last_end, place.offset);

		if (gap.size() <= max_blank && gap.find_first_not_of(" \t") == StringRef::npos) {
			out.append(gap.data(), gap.size());
			return;
		}
	}
	if (tok.hasLeadingSpace() || glue.AvoidConcat(before_last, last, tok))
		out += ' ';
}

void Printer::print(const clang::Token &tok)
{
	bool direct = tok.getLocation().isFileID();
	Place place = place_of(tok.getLocation());
	llvm::SmallString<128> buffer;
	size_t start;

	/* Comments of headers are of no interest to the user. */
	if (tok.is(clang::tok::comment) && place.file != sm.getMainFileID())
		return;
	if (tok.isAtStartOfLine() || must_break) {
		start_line(place);
		indent(place);
	} else {
		space(tok, place);
	}
	add_origin(place, direct ? tok.getLength() :
		   clang::Lexer::MeasureTokenLength(place.loc, sm, pp.getLangOpts()));
	start = out.size();
	StringRef text = pp.getSpelling(tok, buffer);
	out.append(text.data(), text.size());
	if (tok.isOneOf(clang::tok::comment, clang::tok::unknown))
		std::replace(out.begin() + start, out.end(), '\0', ' ');
	if (tok.is(clang::tok::comment)) {
		printed[place.file] += std::count(out.begin() + start, out.end(), '\n');
		must_break = text.substr(0, 2) == "//";
	}
	at_line_start = false;
	before_last = last;
	last = tok;
	last_file = direct ? place.file : clang::FileID();
	last_end = place.offset + tok.getLength();
}

/* A pragma has a line of its own, whatever it stood between. */
void Printer::pragma(clang::SourceLocation loc, StringRef words)
{
	Place place = place_of(loc);

	start_line(place);
	indent(place);
	add_origin(place, 1);
	out += "#pragma ";
	out.append(words.data(), words.size());
	out += '\n';
	at_line_start = true;
	must_break = false;
	last.startToken();
}

/* The same for one whose words are tokens. Macros in it are expanded, as its handler would do. */
void Printer::pragma_tokens(clang::SourceLocation loc, StringRef words, clang::Token first)
{
	std::string text = words.str();
	bool spaced = true;

	for (clang::Token tok = first; tok.isNot(clang::tok::eod); pp.Lex(tok)) {
		if (tok.is(clang::tok::comment))
			continue;
		if (!text.empty() && (spaced || tok.hasLeadingSpace()))
			text += ' ';
		spaced = false;
		text += tok.isAnnotation() ? "" : pp.getSpelling(tok);
	}
	pragma(loc, text);
}

bool Printer::full()
{
	return out.size() > max_expanded;
}

bool Printer::take(expanded *ex)
{
	if (!out.empty() && out.back() != '\n')
		out += '\n';
	ex->size = out.size();
	ex->text = (char *)malloc(out.size() + 1);
	ex->n_origins = origins.size();
	ex->origins = (origin *)malloc(origins.size() * sizeof(origin) + 1);
	ex->files = (char **)calloc(files.size() + 1, sizeof(char *));
	ex->was_read = (bool *)calloc(files.size() + 1, sizeof(bool));
	if (!ex->text || !ex->origins || !ex->files || !ex->was_read)
		return false;
	std::copy(was_read.begin(), was_read.end(), ex->was_read);
	memcpy(ex->text, out.c_str(), out.size() + 1);
	if (!origins.empty())
		memcpy(ex->origins, origins.data(), origins.size() * sizeof(origin));
	for (const std::string &name : files) {
		ex->files[ex->n_files] = strdup(name.c_str());
		if (!ex->files[ex->n_files++])
			return false;
	}
	ex->kernel_headers = (char **)calloc(headers.size() + 1, sizeof(char *));
	for (size_t i = 0; ex->kernel_headers && i < headers.size(); i++)
		ex->kernel_headers[i] = strdup(headers[i].c_str());
	return ex->kernel_headers != nullptr;
}

/* Keeps the pragmas that the preprocessor does not answer itself. */
class PragmaKeeper : public clang::PragmaHandler {
public:
	PragmaKeeper(Printer &printer, const char *words) : printer(printer), words(words) {}

	void HandlePragma(clang::Preprocessor &, clang::PragmaIntroducer introducer,
			  clang::Token &first) override
	{
		printer.pragma_tokens(introducer.Loc, words, first);
	}

private:
	Printer &printer;
	const char *words;
};

/* Keeps those that it does answer, but that the parser must see as well. */
class DiagnosticPragmas : public clang::PPCallbacks {
public:
	explicit DiagnosticPragmas(Printer &printer) : printer(printer) {}

	void PragmaDiagnosticPush(clang::SourceLocation loc, StringRef space) override
	{
		printer.pragma(loc, (space + " diagnostic push").str());
	}

	void PragmaDiagnosticPop(clang::SourceLocation loc, StringRef space) override
	{
		printer.pragma(loc, (space + " diagnostic pop").str());
	}

	void PragmaDiagnostic(clang::SourceLocation loc, StringRef space,
			      clang::diag::Severity severity, StringRef option) override
	{
		const char *verb = "ignored";

		if (severity == clang::diag::Severity::Warning)
			verb = "warning";
		else if (severity == clang::diag::Severity::Error)
			verb = "error";
		else if (severity == clang::diag::Severity::Fatal)
			verb = "fatal";
		printer.pragma(loc, (space + " diagnostic " + verb + " \"" + option + "\"").str());
	}

private:
	Printer &printer;
};

/* Counts expansions: macros that double each other would never end, or fill the memory. */
class ExpansionLimit : public clang::PPCallbacks {
public:
	explicit ExpansionLimit(clang::Preprocessor &pp) : pp(pp) {}

	void MacroExpands(const clang::Token &name, const clang::MacroDefinition &,
			  clang::SourceRange, const clang::MacroArgs *) override
	{
		if (++count != max_expansions)
			return;
		last = name.getLocation();
		/* What is under way comes to its end without further ones. */
		pp.SetMacroExpansionOnlyInDirectives();
	}

	bool reached() const
	{
		return count >= max_expansions;
	}

	clang::SourceLocation last;

private:
	clang::Preprocessor &pp;
	unsigned count = 0;
};

class ExpandAction : public clang::PreprocessorFrontendAction {
public:
	ExpandAction(Reporter &reporter, expanded *out) : reporter(reporter), out(out) {}

protected:
	void ExecuteAction() override;

private:
	Reporter &reporter;
	expanded *out;
};

void ExpandAction::ExecuteAction()
{
	clang::Preprocessor &pp = getCompilerInstance().getPreprocessor();
	Printer printer(pp);
	clang::Token tok;

	pp.AddPragmaHandler(new PragmaKeeper(printer, ""));
	pp.AddPragmaHandler("GCC", new PragmaKeeper(printer, "GCC"));
	pp.AddPragmaHandler("clang", new PragmaKeeper(printer, "clang"));
	pp.addPPCallbacks(std::make_unique<DiagnosticPragmas>(printer));
	pp.addPPCallbacks(std::make_unique<KernelHeaders>(pp.getSourceManager(), printer.headers));
	ExpansionLimit *limit = new ExpansionLimit(pp);
	pp.addPPCallbacks(std::unique_ptr<ExpansionLimit>(limit));
	pp.SetCommentRetentionState(true, false);
	pp.EnterMainSourceFile();
	for (pp.Lex(tok); tok.isNot(clang::tok::eof); pp.Lex(tok)) {
		if (limit->reached()) {
			reporter.at(BRIDGE_ERROR, "more than a million macros are expanded",
				    pp.getSourceManager(), pp.getLangOpts(), limit->last, {});
			return;
		}
		/* Nothing in C has one, and at the start of a line it would be a directive when the
		 * expanded text is parsed. */
		if (tok.isOneOf(clang::tok::hash, clang::tok::hashhash)) {
			reporter.at(BRIDGE_ERROR, "a '#' that begins no directive",
				    pp.getSourceManager(), pp.getLangOpts(), tok.getLocation(), {});
			return;
		}
		if (tok.isAnnotation()) {
			reporter.at(BRIDGE_ERROR, "this directive cannot be used in a BPF program",
				    pp.getSourceManager(), pp.getLangOpts(), tok.getLocation(), {});
			return;
		}
		printer.print(tok);
		if (printer.full()) {
			reporter.at(BRIDGE_ERROR, "the text expands to more than 64 MB",
				    pp.getSourceManager(), pp.getLangOpts(), tok.getLocation(), {});
			return;
		}
	}
	if (!printer.take(out))
		reporter.error("the compiler ran out of memory");
}

} // namespace

int bridge_preprocess(const bridge_input *in, bridge_diag_fn on_diag, void *data, expanded *out)
{
	Reporter reporter(on_diag, data);
	FatalScope scope(reporter);
	clang::CompilerInstance ci;
	Sink sink(reporter);

	memset(out, 0, sizeof(*out));
	if (prepare(ci, sink, in, {})) {
		ExpandAction action(reporter, out);

		if (!ci.ExecuteAction(action) && !reporter.errors)
			reporter.error("the preprocessor failed without saying why");
	}
	if (!reporter.errors && out->text)
		return 0;
	expanded_free(out);
	return -1;
}

void expanded_free(expanded *ex)
{
	for (size_t i = 0; i < ex->n_files; i++)
		free(ex->files[i]);
	for (char **name = ex->kernel_headers; name && *name; name++)
		free(*name);
	free(ex->kernel_headers);
	free(ex->files);
	free(ex->was_read);
	free(ex->origins);
	free(ex->text);
	memset(ex, 0, sizeof(*ex));
}

/* --- generating --- */

namespace {

/* The BPF target alone: the others cost time. */
void init_target()
{
	LLVMInitializeBPFTargetInfo();
	LLVMInitializeBPFTarget();
	LLVMInitializeBPFTargetMC();
	LLVMInitializeBPFAsmPrinter();
	LLVMInitializeBPFAsmParser();
}

/* One line without a full stop, as all messages here are. */
std::string tidy(std::string text)
{
	std::replace(text.begin(), text.end(), '\n', ' ');
	while (!text.empty() && (text.back() == ' ' || text.back() == '.'))
		text.pop_back();
	return text;
}

/* Errors of the optimiser, the BPF backend and the assembler for asm statements. */
class BackendDiags : public llvm::DiagnosticHandler {
public:
	BackendDiags(Reporter &reporter, clang::CompilerInstance &ci)
		: reporter(reporter), ci(ci) {}

	bool handleDiagnostics(const llvm::DiagnosticInfo &info) override
	{
		std::string message;
		llvm::raw_string_ostream os(message);
		llvm::DiagnosticPrinterRawOStream printer(os);

		if (info.getSeverity() != llvm::DS_Error)
			return true;
		if (auto *unsupported = llvm::dyn_cast<llvm::DiagnosticInfoUnsupported>(&info)) {
			in_function(*unsupported, unsupported->getFunction(),
				    unsupported->getMessage().str());
			return true;
		}
		if (auto *assembler = llvm::dyn_cast<llvm::DiagnosticInfoSrcMgr>(&info)) {
			at_cookie(assembler->getLocCookie(),
				  assembler->getSMDiag().getMessage().str());
			return true;
		}
		info.print(printer);
		os.flush();
		reporter.error(tidy(message).c_str());
		return true;
	}

private:
	/* The backend says the same for each instruction that is concerned: once is enough. */
	void in_function(const llvm::DiagnosticInfoWithLocationBase &info,
			 const llvm::Function &function, const std::string &what)
	{
		std::string message = "in function " + function.getName().str() + ": " + tidy(what);
		bridge_diag diag = {};
		StringRef name;
		unsigned line = 0, column = 0;

		if (message == last_message)
			return;
		last_message = message;
		diag.severity = BRIDGE_ERROR;
		diag.message = message.c_str();
		if (info.isLocationAvailable())
			info.getLocation(name, line, column);
		const llvm::DISubprogram *subprogram = function.getSubprogram();
		if (!line && subprogram) { /* of a whole function, or code of no line */
			name = subprogram->getFilename();
			line = subprogram->getLine();
			column = 0;
		}
		std::string file = name.str();
		if (line) {
			diag.file = file.c_str();
			diag.line = line;
			diag.column = column;
		}
		reporter.report(diag);
	}

	/* The cookie of an asm statement is Clang's location of it. */
	void at_cookie(uint64_t cookie, const std::string &what)
	{
		reporter.at(BRIDGE_ERROR, tidy(what), ci.getSourceManager(), ci.getLangOpts(),
			    clang::SourceLocation::getFromRawEncoding(
				    (clang::SourceLocation::UIntTy)cookie), {});
	}

	Reporter &reporter;
	clang::CompilerInstance &ci;
	std::string last_message;
};

/*
 * Keeps BTF but no DWARF, which nobody reads and which is half of the object: a module that asks
 * for CodeView gets no DWARF writer, and the BPF target knows no CodeView either.
 */
void drop_dwarf(llvm::Module &module)
{
	llvm::SmallVector<llvm::Module::ModuleFlagEntry, 8> flags;
	llvm::NamedMDNode *node = module.getModuleFlagsMetadata();

	module.getModuleFlagsMetadata(flags);
	if (node)
		module.eraseNamedMetadata(node);
	for (const llvm::Module::ModuleFlagEntry &flag : flags) {
		if (flag.Key->getString() != "Dwarf Version")
			module.addModuleFlag(flag.Behavior, flag.Key->getString(), flag.Val);
	}
	module.addModuleFlag(llvm::Module::Warning, "CodeView", 1u);
}

/*
 * The assembler directive that an asm statement's text may not have, or "". Those that bring data
 * are harmless; others read files, and macros could spell out the name of any.
 */
StringRef bad_directive(StringRef text)
{
	static const StringRef data[] = {
		".byte", ".2byte", ".4byte", ".8byte", ".short", ".word", ".long", ".quad",
	};

	for (size_t at = text.find('.'); at != StringRef::npos; at = text.find('.', at + 1)) {
		StringRef word = text.substr(at).take_while([](char c) {
			return llvm::isAlnum(c) || c == '.' || c == '_' || c == '$';
		});
		bool begins = at == 0 || !(llvm::isAlnum(text[at - 1]) || text[at - 1] == '_' ||
					   text[at - 1] == '.');

		if (!begins || word.size() < 2 || word.substr(0, 2) == ".L")
			continue;
		if (!llvm::is_contained(data, word))
			return word;
	}
	return "";
}

/* Clang's location of an asm statement. */
clang::SourceLocation place_of_asm(const llvm::CallBase &call)
{
	llvm::MDNode *node = call.getMetadata("srcloc");
	llvm::ConstantInt *cookie = nullptr;

	if (node && node->getNumOperands())
		cookie = llvm::mdconst::dyn_extract<llvm::ConstantInt>(node->getOperand(0));
	if (!cookie)
		return {};
	return clang::SourceLocation::getFromRawEncoding(
		(clang::SourceLocation::UIntTy)cookie->getZExtValue());
}

void check_asm(const llvm::Module &module, Reporter &reporter, clang::CompilerInstance &ci)
{
	auto refuse = [&](StringRef directive, clang::SourceLocation loc) {
		reporter.at(BRIDGE_ERROR, ("the assembler directive " + directive +
			    " cannot be used in a BPF program").str(), ci.getSourceManager(),
			    ci.getLangOpts(), loc, {});
	};
	StringRef found = bad_directive(module.getModuleInlineAsm());

	if (!found.empty())
		refuse(found, {});
	for (const llvm::Function &function : module) {
		for (const llvm::Instruction &instruction : llvm::instructions(function)) {
			auto *call = llvm::dyn_cast<llvm::CallBase>(&instruction);
			auto *code = call ? llvm::dyn_cast<llvm::InlineAsm>(
						    call->getCalledOperand()) : nullptr;

			found = code ? bad_directive(code->getAsmString()) : "";
			if (found.empty())
				continue;
			refuse(found, place_of_asm(*call));
		}
	}
}

/* The module of the text, not optimised yet; NULL after errors. */
std::unique_ptr<llvm::Module> make_module(clang::CompilerInstance &ci, llvm::LLVMContext &context)
{
	clang::EmitLLVMOnlyAction action(&context);

	ci.getCodeGenOpts().DisableLLVMPasses = true;
	if (!ci.ExecuteAction(action))
		return nullptr;
	ci.getCodeGenOpts().DisableLLVMPasses = false;
	return action.takeModule();
}

} // namespace

int bridge_compile(const bridge_input *in, bridge_diag_fn on_diag, void *data, void **object,
		   size_t *object_size)
{
	Reporter reporter(on_diag, data);
	FatalScope scope(reporter);
	Sink sink(reporter);
	llvm::SmallVector<char, 0> bytes;

	/* These two are never freed: the process ends soon, and taking them down costs
	 * milliseconds. */
	auto &ci = *new clang::CompilerInstance;
	auto &context = *new llvm::LLVMContext;

	init_target();
	if (!prepare(ci, sink, in, {
		/* What the parser has let pass (tree_parse.c): addresses are integers at times. */
		"-w", "-Wno-error=int-conversion", "-Wno-error=incompatible-pointer-types",
		"-Wno-error=incompatible-function-pointer-types",
		"-debug-info-kind=constructor", "-dwarf-version=4",
		"-fdebug-compilation-dir=/virtual", "-disable-llvm-verifier",
	}))
		return -1;
	llvm::Module *module = make_module(ci, context).release();
	if (module && !reporter.errors)
		check_asm(*module, reporter, ci);
	if (module && !reporter.errors) {
		context.setDiagnosticHandler(std::make_unique<BackendDiags>(reporter, ci));
		drop_dwarf(*module);
		compat::emit_object(ci, module, std::make_unique<llvm::raw_svector_ostream>(bytes));
	}
	if (!reporter.errors && bytes.empty())
		reporter.error("the code generator failed without saying why");
	if (reporter.errors)
		return -1;
	*object = malloc(bytes.size());
	if (!*object) {
		reporter.error("the compiler ran out of memory");
		return -1;
	}
	memcpy(*object, bytes.data(), bytes.size());
	*object_size = bytes.size();
	return 0;
}
