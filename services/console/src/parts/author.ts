import type { AuthorKind } from '@guanlan/domain';

/** Who said it, as far as that is kept. */
export const authorTitles: Record<AuthorKind, string> = {
  media: '媒体',
  agency: '政务机构',
  organisation: '其他机构',
  individual: '个人',
  unknown: '未知',
};
