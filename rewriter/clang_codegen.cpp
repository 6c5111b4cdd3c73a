/*
 * bridge_compile(): C to a BPF object with BTF, in two steps, Clang to IR and IR to object. Between
 * them the backend gets a diagnostic handler that reads positions from the debug info, where
 * Clang's own would look for them in the text that it has parsed: not the one the user wrote.
 */
#include "clang_bridge.hpp"

#include <clang/CodeGen/CodeGenAction.h>
#include <llvm/IR/DebugInfoMetadata.h>
#include <llvm/IR/DiagnosticHandler.h>
#include <llvm/IR/DiagnosticPrinter.h>
#include <llvm/IR/LLVMContext.h>
#include <llvm/Support/SourceMgr.h>
#include <llvm/Support/TargetSelect.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <string>

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
		"-w", "-debug-info-kind=constructor", "-dwarf-version=4",
		"-fdebug-compilation-dir=/virtual", "-disable-llvm-verifier",
	}))
		return -1;
	llvm::Module *module = make_module(ci, context).release();
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
