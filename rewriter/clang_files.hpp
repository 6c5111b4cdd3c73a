/*
 * Which files a compile may see: the embedded headers, and of the disk only what is the text's
 * business. It is part of clang_bridge.cpp.
 */
#ifndef REWRITER_CLANG_FILES_HPP
#define REWRITER_CLANG_FILES_HPP

#include "bridge.h"

#include <clang/Basic/SourceManager.h>
#include <clang/Lex/PPCallbacks.h>
#include <llvm/ADT/SmallString.h>
#include <llvm/ADT/StringRef.h>
#include <llvm/Support/FileSystem.h>
#include <llvm/Support/MemoryBuffer.h>
#include <llvm/Support/Path.h>
#include <llvm/Support/VirtualFileSystem.h>

#include <cstring>
#include <string>
#include <vector>

using llvm::StringRef;

constexpr size_t max_file = 64 << 20;

/*
 * The disk, as far as it is the text's business: the directory of the text, those of -I and
 * -isystem, and the files of -include. A link out of the text's own directory leads nowhere. Only
 * directories and files of sane size: nothing that could block or never end.
 */
class AllowedFiles : public llvm::vfs::ProxyFileSystem {
public:
	explicit AllowedFiles(const bridge_input *in);

	llvm::ErrorOr<llvm::vfs::Status> status(const llvm::Twine &path) override;
	llvm::ErrorOr<std::unique_ptr<llvm::vfs::File>>
	openFileForRead(const llvm::Twine &path) override;

private:
	bool allowed(const llvm::Twine &path);

	std::string own;                        /* "" when it is the whole disk */
	std::vector<std::string> named, listed; /* as written, and where that really is */
};

/* "-" would be read from standard input, and an empty name is no path. */
inline const char *main_name(const bridge_input *in)
{
	if (!in->name || !*in->name)
		return "main.c";
	return strcmp(in->name, "-") ? in->name : "<stdin>";
}

/* Whether an option's value is the next argument. */
inline bool takes_value(StringRef arg)
{
	return arg == "-D" || arg == "-U" || arg == "-I" || arg == "-isystem" || arg == "-include";
}

inline std::string real_path(const llvm::Twine &path)
{
	llvm::SmallString<256> real;

	if (llvm::sys::fs::real_path(path, real))
		return "";
	return real.str().str();
}

inline bool is_below(StringRef path, StringRef directory)
{
	return !directory.empty() && path.consume_front(directory) &&
	       (path.empty() || path.front() == '/' || directory.back() == '/');
}

inline AllowedFiles::AllowedFiles(const bridge_input *in)
	: ProxyFileSystem(llvm::vfs::getRealFileSystem())
{
	StringRef directory = llvm::sys::path::parent_path(main_name(in));

	own = real_path(directory.empty() ? "." : directory);
	if (own == "/")
		own.clear();
	for (const char *const *arg = in->args; arg && *arg; arg++) {
		StringRef value(*arg);

		if (value == "-D" || value == "-U") {
			arg += arg[1] != nullptr;
			continue;
		}
		if (takes_value(value) && arg[1])
			value = *++arg;
		else if (!value.consume_front("-isystem") && !value.consume_front("-include") &&
			 !value.consume_front("-I"))
			continue;
		named.push_back(value.str());
		listed.push_back(real_path(value));
	}
}

inline bool AllowedFiles::allowed(const llvm::Twine &path)
{
	llvm::SmallString<256> plain;
	std::string real = real_path(path);

	path.toVector(plain);
	llvm::sys::path::remove_dots(plain, true);
	if (is_below(real, own))
		return true;
	for (const std::string &directory : listed)
		if (is_below(real, directory))
			return true;
	/* Directories of headers are full of links. What leads to one, or to the file of an
	 * -include, is asked for before it. */
	for (const std::string &directory : named)
		if (is_below(plain, directory) || is_below(directory, plain))
			return true;
	return false;
}

inline llvm::ErrorOr<llvm::vfs::Status> AllowedFiles::status(const llvm::Twine &path)
{
	if (!allowed(path))
		return std::make_error_code(std::errc::no_such_file_or_directory);
	return ProxyFileSystem::status(path);
}

inline llvm::ErrorOr<std::unique_ptr<llvm::vfs::File>>
AllowedFiles::openFileForRead(const llvm::Twine &path)
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

/* Notes which of the embedded headers a text includes, itself or through its own headers. */
class KernelHeaders : public clang::PPCallbacks {
public:
	KernelHeaders(const clang::SourceManager &sm, std::vector<std::string> &out)
		: sm(sm), out(out) {}

	void FileChanged(clang::SourceLocation loc, FileChangeReason reason,
			 clang::SrcMgr::CharacteristicKind, clang::FileID) override
	{
		StringRef name = sm.getFilename(loc);

		if (reason == EnterFile && name.consume_front("/virtual/include/"))
			out.push_back(name.str());
	}

private:
	const clang::SourceManager &sm;
	std::vector<std::string> &out;
};

inline llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> make_files(const bridge_input *in)
{
	llvm::IntrusiveRefCntPtr<llvm::vfs::InMemoryFileSystem> memory(
		new llvm::vfs::InMemoryFileSystem);
	llvm::IntrusiveRefCntPtr<llvm::vfs::OverlayFileSystem> files(
		new llvm::vfs::OverlayFileSystem(new AllowedFiles(in)));

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

#endif
