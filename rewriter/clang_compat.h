/*
 * Where the C++ interfaces of LLVM 14, 19 and 22 differ, and nothing else: every #if on LLVM's
 * version is in this header. It is part of clang_bridge.cpp.
 */
#ifndef REWRITER_CLANG_COMPAT_H
#define REWRITER_CLANG_COMPAT_H

#include <clang/Basic/TargetInfo.h>
#include <clang/CodeGen/BackendUtil.h>
#include <clang/Frontend/CompilerInstance.h>
#include <llvm/Config/llvm-config.h>
#include <llvm/IR/DiagnosticInfo.h>
#include <llvm/IR/Module.h>
#include <llvm/Support/VirtualFileSystem.h>

namespace compat {

/* Gives the compiler its files. They must be known before the diagnostics are made. */
inline void use_files(clang::CompilerInstance &ci,
		      llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> files)
{
#if LLVM_VERSION_MAJOR >= 22
	ci.setVirtualFileSystem(std::move(files));
	ci.createFileManager();
#else
	ci.createFileManager(std::move(files));
#endif
}

/* Optimises the module and writes it as an object. */
inline void emit_object(clang::CompilerInstance &ci, llvm::Module *module,
			std::unique_ptr<llvm::raw_pwrite_stream> os)
{
	llvm::StringRef layout = ci.getTarget().getDataLayoutString();

#if LLVM_VERSION_MAJOR >= 22
	clang::emitBackendOutput(ci, ci.getCodeGenOpts(), layout, module,
				 clang::Backend_EmitObj, ci.getVirtualFileSystemPtr(),
				 std::move(os));
#elif LLVM_VERSION_MAJOR >= 19
	clang::EmitBackendOutput(ci.getDiagnostics(), ci.getHeaderSearchOpts(),
				 ci.getCodeGenOpts(), ci.getTargetOpts(), ci.getLangOpts(),
				 layout, module, clang::Backend_EmitObj,
				 ci.getFileManager().getVirtualFileSystemPtr(), std::move(os));
#else
	clang::EmitBackendOutput(ci.getDiagnostics(), ci.getHeaderSearchOpts(),
				 ci.getCodeGenOpts(), ci.getTargetOpts(), ci.getLangOpts(),
				 layout, module, clang::Backend_EmitObj, std::move(os));
#endif
}

} // namespace compat

#endif
