import { EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';

/** The look and the words of every text field with rules in it. */
export const editorFrame = [
  EditorView.lineWrapping,
  EditorView.theme({
    '&': { height: '100%', fontSize: '14px', color: 'var(--ink)', backgroundColor: 'var(--sheet)' },
    '&.cm-focused': { outline: '2px solid var(--accent)', outlineOffset: '-2px' },
    '.cm-scroller': { fontFamily: 'var(--font)', lineHeight: '1.7' },
    '.cm-content': { caretColor: 'var(--ink)' },
    '.cm-cursor': { borderLeftColor: 'var(--ink)' },
    '.cm-gutters': { color: 'var(--quiet)', backgroundColor: 'var(--raised)', borderRight: '1px solid var(--line)' },
    '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'var(--accent-soft)' },
    '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
      backgroundColor: 'var(--hit)',
    },
    '.cm-panels, .cm-tooltip': { color: 'var(--ink)', backgroundColor: 'var(--raised)', borderColor: 'var(--line)' },
    '.cm-collapsedLines': { color: 'var(--quiet)', background: 'var(--raised)' },
    '.cm-changedLine': { backgroundColor: 'var(--accent-soft)' },
    '.cm-deletedChunk': { backgroundColor: 'color-mix(in srgb, var(--fault) 12%, transparent)' },
  }),
  EditorState.phrases.of({
    Find: '查找',
    Replace: '替换为',
    next: '下一个',
    previous: '上一个',
    all: '全选',
    'match case': '区分大小写',
    regexp: '正则',
    'by word': '按词',
    replace: '替换',
    'replace all': '全部替换',
    close: '关闭',
    '$ unchanged lines': '$ 行没有变化',
  }),
];
