import { describe, expect, it } from 'vitest';
import { classifiedMark, classifiedName } from './classified.ts';

describe('classifiedMark', () => {
  it.each([
    ['机密★20年', '机密'],
    ['关于某事的报告\n秘密★\n正文', '秘密'],
    ['密级：绝密', '绝密'],
    ['【机密】会议纪要', '机密'],
    ['机　密\n关于……', '机密'],
    ['（秘密）通知', '秘密'],
    ['绝密', '绝密'],
  ])('%s', (text, mark) => expect(classifiedMark(text)).toBe(mark));

  it.each(['涉嫌侵犯商业秘密罪', '开展保密教育，学习保守国家秘密法', '秘密调查三个月后收网', '机密仪器厂起火', '密云水库', ''])(
    'not %s',
    (text) => expect(classifiedMark(text)).toBeNull(),
  );
});

describe('classifiedName', () => {
  it.each(['机密-名单.pdf', '（秘密）通知.jpg', '绝密.docx'])('%s', (name) => expect(classifiedName(name)).not.toBeNull());
  it.each(['商业秘密培训.pdf', '保密教育.jpg', '现场.jpg'])('not %s', (name) => expect(classifiedName(name)).toBeNull());
});
