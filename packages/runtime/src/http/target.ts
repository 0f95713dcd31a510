import { GuanlanError } from '@guanlan/domain';
import { place } from './fault.ts';

/** An address we may ask for: http or https, no user name or password. Throws `url-invalid`. */
export function parseTarget(input: string | URL): URL {
  const url = typeof input === 'string' ? URL.parse(input) : input;
  if (url === null) {
    throw new GuanlanError('url-invalid', `“${String(input).slice(0, 200)}”不是有效网址。请填写以 http:// 或 https:// 开头的完整网址。`);
  }
  return checkTarget(url);
}

/** The same for a URL that is one already, such as where a redirect leads. */
export function checkTarget(url: URL): URL {
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new GuanlanError('url-invalid', `只支持 http 和 https 网址，不支持 ${url.protocol.slice(0, 40)}。请更换网址。`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new GuanlanError('url-invalid', `网址 ${place(url)} 中带有用户名或密码，不予访问：只采集公开内容。请去掉后重试。`);
  }
  return url;
}
