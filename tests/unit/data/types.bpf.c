/* One global variable per type that the unit tests of libbcc/table look at. */
typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef _Bool bool;

enum color { RED, GREEN = 7, BLUE = 300 };
enum signed_color { COLD = -5, WARM = 5 };
enum wide { HUGE_ONE = 0x100000000ULL, SMALL_ONE = 1 };

struct task;
typedef int (*callback)(const char *name, u32 size);

struct node {
	struct node *next;
	const struct task *task;
	callback call;
	u64 id;
};

struct bits {
	u32 a : 3;
	u32 b : 13;
	int c : 5;
	enum color color : 9;
	bool flag : 1;
	u64 wide : 40;
};

struct event {
	u32 pid;
	char comm[16];
	u64 ts;
	struct {
		u16 left;
		u16 right;
	};
	union {
		u32 v4;
		u8 v6[16];
	};
	union {
		u32 first;
		u64 second;
	} named;
	int grid[2][3];
	bool ok;
	double ratio;
	enum color color;
	enum signed_color mood;
	enum wide wide;
	const volatile u8 mac[6];
	char lines[2][8];
	char letter;
	unsigned __int128 big;
	signed __int128 negative;
	const char *const *strings;
	int (*rows)[4];
	long flexible[];
};

struct event event;
struct node node;
struct bits bits;
