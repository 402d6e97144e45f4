// Plugins as they are typed: a name, or JSON with options.
import { UsageError } from '../usageError.ts';

/** What `adam` and `{"type":"momentum","learningRate":0.1}` say. */
export type PluginText = { readonly type: string } & Readonly<Record<string, unknown>>;

export function pluginText(flag: string, text: string): PluginText {
  if (!text.trimStart().startsWith('{')) return { type: text };
  try {
    return JSON.parse(text) as PluginText;
  } catch (cause) {
    throw new UsageError(
      `${flag} must be a name or JSON such as {"type":"name","option":1}, but got ${text}: ${(cause as Error).message}`,
      { cause },
    );
  }
}
