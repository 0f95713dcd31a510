/** One file of a lexicon's text. The name is empty where the text is one piece. */
export interface RuleFile {
  name: string;
  text: string;
}

/** The files of a lexicon, as its `#!文件 name` lines divide it; {@link joinFiles} gives the same text again. */
export function splitFiles(body: string): RuleFile[] {
  const files: RuleFile[] = [];
  let name = '';
  let lines: string[] = [];
  const end = () => {
    const text = lines.join('\n').trimEnd();
    if (name !== '' || text !== '') files.push({ name, text });
    lines = [];
  };
  for (const line of body.split('\n')) {
    const marker = /^#!文件 (.*)$/u.exec(line);
    if (marker === null) lines.push(line);
    else {
      end();
      name = (marker[1] ?? '').trim();
    }
  }
  end();
  return files;
}

export function joinFiles(files: readonly RuleFile[]): string {
  return files.map(({ name, text }) => `${name === '' ? '' : `#!文件 ${name}\n`}${text.trimEnd()}\n`).join('');
}

/** What a file is about: its section where it has one, else its name. */
export function fileTitle({ name, text }: RuleFile): string {
  const section = /^\s*\[\s*(?:类别\s+)?(.+?)\s*\]/mu.exec(text)?.[1];
  return section ?? (name.replace(/^.*\//u, '').replace(/\.txt$/u, '') || '全部');
}

/** Whether a fault that names this file (as the check does) stands in this one. */
export function isIn(file: RuleFile, fault: { file: string }): boolean {
  return fault.file === file.name;
}
