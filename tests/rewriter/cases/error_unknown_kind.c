BPF_TABLE("hsah", u32, u64, counts, 16);
