/* Scatter lists: the two low bits of page_link say whether an entry is a chain or the last. */
#ifndef BCC_LINUX_SCATTERLIST_H
#define BCC_LINUX_SCATTERLIST_H

#define SG_CHAIN	1UL
#define SG_END		2UL
#define SG_PAGE_LINK_MASK	(SG_CHAIN | SG_END)

#define sg_is_chain(sg)		((sg)->page_link & SG_CHAIN)
#define sg_is_last(sg)		((sg)->page_link & SG_END)
#define sg_chain_ptr(sg)	((struct scatterlist *)((sg)->page_link & ~SG_PAGE_LINK_MASK))
#define sg_page(sg)		((struct page *)((sg)->page_link & ~SG_PAGE_LINK_MASK))

#endif
