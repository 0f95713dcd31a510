import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { type Diagnostic, lintGutter, setDiagnostics } from '@codemirror/lint';
import { search, searchKeymap } from '@codemirror/search';
import { EditorState, type Text } from '@codemirror/state';
import { EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import type { LexiconFaultView } from '@guanlan/contracts';
import { useEffect, useRef } from 'react';
import { editorFrame } from './editor-frame.ts';
import { ruleLanguage } from './rule-language.ts';

/** A fault and whether it stands in the way. */
export interface Marked extends LexiconFaultView {
  severity: 'error' | 'warning';
}

interface Props {
  /** What is written when the editor opens; give it a new `key` to write something else. */
  text: string;
  label: string;
  readOnly: boolean;
  faults: readonly Marked[];
  /** Where to go, once per object. */
  goTo: LexiconFaultView | null;
  onChange: (text: string) => void;
}

/** One file of rules: numbered lines, and every fault marked at its place. */
export function RuleEditor({ text, label, readOnly, faults, goTo, onChange }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const told = useRef(onChange);
  told.current = onChange;
  const opened = useRef(text);

  useEffect(() => {
    if (box.current === null) return;
    const made = new EditorView({
      parent: box.current,
      state: EditorState.create({
        doc: opened.current,
        extensions: [
          lineNumbers(),
          history(),
          highlightActiveLine(),
          search({ top: true }),
          lintGutter(),
          keymap.of([...defaultKeymap, ...historyKeymap, ...searchKeymap, indentWithTab]),
          ...ruleLanguage,
          ...editorFrame,
          EditorState.readOnly.of(readOnly),
          EditorView.contentAttributes.of({ 'aria-label': label, 'aria-readonly': String(readOnly) }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) told.current(update.state.doc.toString());
          }),
        ],
      }),
    });
    view.current = made;
    return () => made.destroy();
  }, [readOnly, label]);

  useEffect(() => {
    const made = view.current;
    if (made !== null)
      made.dispatch(
        setDiagnostics(
          made.state,
          faults.map((fault) => diagnosticOf(made.state.doc, fault)),
        ),
      );
  }, [faults]);

  useEffect(() => {
    const made = view.current;
    if (made === null || goTo === null) return;
    const { from } = diagnosticOf(made.state.doc, { ...goTo, severity: 'error' });
    made.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: 'center' }) });
    made.focus();
  }, [goTo]);

  return <div ref={box} className="rule-editor" />;
}

function diagnosticOf(doc: Text, { line, column, message, hint, severity }: Marked): Diagnostic {
  const at = doc.line(Math.min(Math.max(line, 1), doc.lines));
  const from = Math.min(at.from + column - 1, at.to);
  // As far as the word goes, and at least something that can be seen.
  const word = /^\S+/u.exec(at.text.slice(from - at.from))?.[0].length ?? 0;
  const to = Math.min(from + Math.max(word, 1), at.to);
  return { from: to > from ? from : Math.max(at.from, from - 1), to, severity, message: `${message}。${hint}` };
}
