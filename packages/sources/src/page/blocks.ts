import { GuanlanError } from '@guanlan/domain';
import { plainText } from '../text.ts';
import { parsePage } from './dom.ts';
import { readTitle } from './title.ts';

export interface PageBlocks {
  title: string;
  /** Lines of text worth telling apart, in the page's order, each once. */
  blocks: string[];
}

/** Lines that change with every look and say nothing: counters, clocks, today's date, one-word menus. */
const restless =
  /^(?:[\d\s\-/.:：年月日时分秒星期一二三四五六天,，]*|.{0,12}(?:访问量|浏览量|浏览次数|阅读次数|点击数|在线人数|总访问|今日访问|您是第|当前时间|今天是).{0,40})$/u;
const shortest = 6;

/**
 * The text of a page as blocks (block elements), without what changes by itself.
 *
 * @param options.area a CSS selector: only what stands in the elements it names
 * @throws GuanlanError `bad-input` when the selector is no CSS; `not-a-list` when nothing stands where it points or the page is empty
 */
export async function readBlocks(html: string, options: { url: string; area?: string | undefined }): Promise<PageBlocks> {
  const document = await parsePage(html);
  let markup = html;
  if (options.area !== undefined) {
    if (document === null) throw new GuanlanError('not-a-list', `页面嵌套过深或过大，无法按选择器读取：${options.url}`);
    let parts: string[];
    try {
      parts = [...document.querySelectorAll(options.area)].map((element) => element.innerHTML);
    } catch (error) {
      throw new GuanlanError('bad-input', `选择器不是有效的 CSS：${options.area}`, { cause: error });
    }
    if (parts.length === 0)
      throw new GuanlanError('not-a-list', `页面中没有选择器“${options.area}”所指的部分，页面可能已改版：${options.url}`);
    markup = parts.join('<hr>');
  }
  const lines = plainText(markup).split('\n');
  const blocks = [...new Set(lines.filter((line) => line.length >= shortest && !restless.test(line)))];
  if (blocks.length === 0)
    throw new GuanlanError('not-a-list', `页面中没有可读的文字（可能由脚本生成）：${options.url}。请换一个直接含有文字的地址。`);
  return { title: document === null ? '' : readTitle(document).title, blocks };
}
