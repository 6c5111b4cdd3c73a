-- Paths of directories, in full. A tool adds paths.text to its own; there is then
--	tool_path(char *to, struct path *from)      to: char[TOOL_PATH_SIZE]
--	tool_dir(int fd, char *to)                  of an open directory of the current task, or of
--	                                            AT_FDCWD: where it works
-- which write the names from the innermost to the outermost, "/b/a" for /a/b: paths.full() turns
-- them round. Mounts are crossed; the path begins at the root of the mount namespace. What is
-- deeper than TOOL_PATH_DEPTH names or longer than the buffer begins with "...".
local paths = {}

paths.text = [[
#include <linux/container_of.h>
#define TOOL_PATH_DEPTH 40
#define TOOL_PATH_BYTES 2048
#define TOOL_PATH_SIZE (TOOL_PATH_BYTES + 256)
static inline void tool_path(char *to, struct path *from)
{
	struct mount *mount = container_of(from->mnt, struct mount, mnt);
	struct dentry *dentry = from->dentry;
	u32 at = 0;
	long n;

	for (int i = 0; i < TOOL_PATH_DEPTH; i++) {
		/* What is masked anew each time looks the same to the verifier each time. */
		at &= TOOL_PATH_BYTES - 1;
		if (dentry == mount->mnt.mnt_root || dentry == dentry->d_parent) {
			if (mount == mount->mnt_parent) {
				to[at] = at ? 0 : '/';
				to[at + 1] = 0;
				return;
			}
			dentry = mount->mnt_mountpoint;
			mount = mount->mnt_parent;
			continue;
		}
		to[at] = '/';
		n = bpf_probe_read_kernel_str(&to[at + 1], 256, dentry->d_name.name);
		if (n <= 0 || at + n >= TOOL_PATH_BYTES)
			break;
		at += n;
		dentry = dentry->d_parent;
	}
	at &= TOOL_PATH_BYTES - 1;
	__builtin_memcpy(&to[at], "/...", 5);
}

static inline void tool_dir(int fd, char *to)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct fdtable *table = task->files->fdt;
	struct file *file = NULL;

	to[0] = 0;
	if (fd == -100) {
		tool_path(to, &task->fs->pwd);
	} else if ((u32)fd < table->max_fds) {
		bpf_probe_read_kernel(&file, sizeof(file), table->fd + fd);
		if (file)
			tool_path(to, &file->f_path);
	}
}
]]

-- The path of what tool_path() wrote, with a name within if there is one.
function paths.full(names, name)
	local list = {}
	for part in names:gmatch("[^/]+") do
		table.insert(list, 1, part)
	end
	list[#list + 1] = name
	return (list[1] == "..." and "" or "/") .. table.concat(list, "/")
end

return paths
