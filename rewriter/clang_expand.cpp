/*
 * bridge_preprocess(): drives Clang's preprocessor token by token, so that for each token that is
 * printed it is known where the user wrote it.
 */
#include "clang_bridge.hpp"

#include <clang/Frontend/FrontendAction.h>
#include <clang/Lex/PPCallbacks.h>
#include <clang/Lex/Pragma.h>
#include <clang/Lex/Preprocessor.h>
#include <clang/Lex/TokenConcatenation.h>
#include <llvm/ADT/DenseMap.h>
#include <llvm/ADT/StringMap.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

namespace {

constexpr size_t max_expanded = 64 << 20;
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
	return line;
}

uint32_t Printer::file_index(const char *name)
{
	auto [entry, added] = file_ids.try_emplace(name, (uint32_t)files.size());

	if (added)
		files.emplace_back(name);
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
	if (!ex->text || !ex->origins || !ex->files)
		return false;
	memcpy(ex->text, out.c_str(), out.size() + 1);
	if (!origins.empty())
		memcpy(ex->origins, origins.data(), origins.size() * sizeof(origin));
	for (const std::string &name : files) {
		ex->files[ex->n_files] = strdup(name.c_str());
		if (!ex->files[ex->n_files++])
			return false;
	}
	return true;
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
	pp.SetCommentRetentionState(true, false);
	pp.EnterMainSourceFile();
	for (pp.Lex(tok); tok.isNot(clang::tok::eof); pp.Lex(tok)) {
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
	free(ex->files);
	free(ex->origins);
	free(ex->text);
	memset(ex, 0, sizeof(*ex));
}
