/* The text's own types win over the kernel's of the same name. */
struct file {
	int mine;
};

enum { TASK_COMM_LEN_OF_MINE = 3 };

typedef struct {
	u32 sector;
} sector_t;

BPF_HASH(files, u32, struct file);
BPF_HASH(sectors, sector_t, u64);

int trace(struct pt_regs *ctx)
{
	struct file f = { .mine = 1 };
	u32 k = 0;

	files.update(&k, &f);
	return 0;
}
