import { type Command, Help } from 'commander';

/** Makes what Commander itself writes, in a help text or about wrong usage, Chinese. For a command with its sub-commands. */
export function speakChinese(command: Command): void {
  command
    .configureHelp({ styleTitle, commandUsage, subcommandTerm, optionDescription, displayWidth })
    .configureOutput({ outputError: (text, write) => write(translated(text)) });
  for (const sub of command.commands) speakChinese(sub);
}

const plain = new Help();

function styleTitle(title: string): string {
  return { 'Usage:': '用法：', 'Arguments:': '参数：', 'Options:': '选项：', 'Commands:': '命令：' }[title] ?? title;
}

function commandUsage(command: Command): string {
  return words(plain.commandUsage(command));
}

function subcommandTerm(command: Command): string {
  return words(plain.subcommandTerm(command));
}

function words(usage: string): string {
  return usage.replace('[options]', '[选项]').replace('[command]', '<命令>');
}

const optionDescription: Help['optionDescription'] = (option) => described(plain.optionDescription(option));

function described(text: string): string {
  return text.replace(/ ?\(default: "?(.*?)"?\)$/u, '（默认 $1）').replace(/ ?\(choices: (.*?)\)/u, '（可选 $1）');
}

/** A Chinese character is two columns wide. */
function displayWidth(text: string): number {
  return [...text].reduce((sum, char) => sum + ((char.codePointAt(0) ?? 0) >= 0x2e80 ? 2 : 1), 0);
}

/** What Commander says, and how we say it. */
const sayings: readonly (readonly [RegExp, string])[] = [
  [/^error: unknown option '(.*?)'/u, '错误：没有选项 $1'],
  [/^error: unknown command '(.*?)'/u, '错误：没有命令 $1'],
  [/^error: missing required argument '(.*?)'/u, '错误：缺少参数 <$1>'],
  [/^error: required option '(.*?)' not specified/u, '错误：缺少选项 $1'],
  [/^error: option '(.*?)' argument missing/u, '错误：选项 $1 后面缺少内容'],
  [/^error: option '(.*?)' argument '(.*?)' is invalid\.\s*/u, '错误：选项 $1 的内容“$2”不对。'],
  [/^error: command-argument value '(.*?)' is invalid for argument '(.*?)'\.\s*/u, '错误：参数 <$2> 不对：'],
  [/^error: too many arguments.*?Expected (\d+) arguments? but got \d+: (.*)\.$/mu, '错误：参数太多（最多 $1 个）：$2'],
  [/Allowed choices are (.*)\./u, '可选：$1。'],
  [/\(Did you mean (?:one of )?(.*?)\?\)/u, '（是不是想用 $1？）'],
];

function translated(text: string): string {
  return sayings.reduce((said, [pattern, ours]) => said.replace(pattern, ours), text);
}
