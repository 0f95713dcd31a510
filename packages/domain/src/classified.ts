/**
 * The mark of a state secret that a text or a file name bears (保守国家秘密法 2024 art. 31: such a thing must not enter a system
 * that is not made for it), or null. Marks are what 国家秘密定密管理 prescribes (机密★20年), a level named as such (密级：秘密),
 * a level in brackets, and a level that stands alone on a line. Words that merely speak of secrets (商业秘密, 保密) are no mark.
 */
export function classifiedMark(text: string): string | null {
  if (!/[密]/u.test(text)) return null;
  for (const pattern of marks) {
    const found = pattern.exec(text);
    if (found) return (found[1] ?? '').replace(/[\s\u3000]/gu, '');
  }
  return null;
}

/** The same for a file's name, where a level anywhere counts unless it is part of an everyday word. */
export function classifiedName(name: string): string | null {
  const found = /(绝密|机密|秘密)/u.exec(name.replace(/(?:商业|个人|技术|通信)(?:秘密|机密)|保守(?:国家)?秘密|国家秘密|秘密花园/gu, ''));
  return found?.[1] ?? classifiedMark(name);
}

/** What a person is told when something is refused for its mark. */
export function classifiedRefusal(mark: string): string {
  return `内容带有密级标志“${mark}”，本系统不得存储、处理国家秘密，未收下。请按保密规定通过涉密渠道报送；如系误标，请删去标志后重报。`;
}

const gap = '[\\s\\u3000]{0,3}';
const level = `(绝${gap}密|机${gap}密|秘${gap}密)`;
const marks = [
  new RegExp(`${level}${gap}[★☆⭐]`, 'u'),
  new RegExp(`密${gap}级${gap}(?:[:：]|为|是)${gap}${level}`, 'u'),
  new RegExp(`[【〔\\[［(（<《]${gap}${level}${gap}[】〕\\]］)）>》]`, 'u'),
  new RegExp(`(?:^|\\n)${gap}${level}${gap}(?:$|\\r?\\n|[☆*＊]|\\d{1,2}年|长期)`, 'u'),
];
