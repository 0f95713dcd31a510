import { HighlightStyle, StreamLanguage, syntaxHighlighting } from '@codemirror/language';
import { tags } from '@lezer/highlight';

/** Colours the rule language: comments, sections, the keyword of a line, and what joins groups of words. */
const language = StreamLanguage.define<{ start: boolean }>({
  startState: () => ({ start: true }),
  token(stream, state) {
    if (stream.sol()) state.start = true;
    if (stream.eatSpace()) return null;
    if (state.start) {
      state.start = false;
      if (stream.match(/^[#＃].*/u)) return 'comment';
      if (stream.match(/^[[［].*/u)) return 'heading';
      stream.match(/^[^\s:：]+/u);
      return 'keyword';
    }
    if (stream.match(/^(?:[~～]\d+[~～>＞]|[|｜+＋^＾]|≥|>=)/u)) return 'operator';
    if (stream.match(/^\{[^}]*\}/u)) return 'variableName';
    stream.match(/^[^\s|｜^＾{≥~～]+/u) || stream.next();
    return null;
  },
});

const colours = HighlightStyle.define([
  { tag: tags.comment, color: 'var(--quiet)' },
  { tag: tags.heading, color: 'var(--accent)', fontWeight: '700' },
  { tag: tags.keyword, color: 'var(--accent)' },
  { tag: tags.operator, color: 'var(--note)', fontWeight: '700' },
  { tag: tags.variableName, color: 'var(--good)' },
]);

export const ruleLanguage = [language, syntaxHighlighting(colours)];
