// Words to HTML: Markdown, mathematics by KaTeX, code in colours. All of it when the book is made.
import { Marked } from 'marked';
import markedKatex from 'marked-katex-extension';
import { createHighlighter, type Highlighter } from 'shiki';

const marked = new Marked(markedKatex({ throwOnError: true, nonStandard: true }));

export const prose = (markdown: string): string => marked.parse(markdown, { async: false });
export const inlineProse = (markdown: string): string => marked.parseInline(markdown, { async: false });

let highlighter: Promise<Highlighter> | undefined;
const themes = { light: 'github-light-high-contrast', dark: 'github-dark-default' } as const;

export async function highlight(code: string): Promise<string> {
  highlighter ??= createHighlighter({ langs: ['ts'], themes: Object.values(themes) });
  return (await highlighter).codeToHtml(code, { lang: 'ts', themes, defaultColor: 'light-dark()' });
}
