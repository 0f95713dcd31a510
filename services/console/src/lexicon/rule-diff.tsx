import { unifiedMergeView } from '@codemirror/merge';
import { EditorState } from '@codemirror/state';
import { EditorView, lineNumbers } from '@codemirror/view';
import { useEffect, useRef } from 'react';
import { editorFrame } from './editor-frame.ts';
import { ruleLanguage } from './rule-language.ts';

/** What changed from one text to another, what is alike folded away. */
export function RuleDiff({ before, after }: { before: string; after: string }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (box.current === null) return;
    const view = new EditorView({
      parent: box.current,
      state: EditorState.create({
        doc: after,
        extensions: [
          lineNumbers(),
          ...ruleLanguage,
          ...editorFrame,
          EditorState.readOnly.of(true),
          EditorView.contentAttributes.of({ 'aria-label': '两个版本的差别' }),
          unifiedMergeView({ original: before, mergeControls: false, collapseUnchanged: { margin: 2, minSize: 6 } }),
        ],
      }),
    });
    return () => view.destroy();
  }, [before, after]);
  return <div ref={box} className="rule-diff" />;
}
