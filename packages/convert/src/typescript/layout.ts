// Code that is broken into lines where it is too long, as formatters do it.

/** Code on one line, or a list between brackets that may be broken into a line for each item. */
export type Code = string | List;
interface List {
  readonly open: string;
  readonly items: readonly Code[];
  readonly close: string;
  /** What stands inside the brackets of a list on one line. */
  readonly space: '' | ' ';
  /** What follows the list on its last line. */
  readonly after: Code;
}

const width = 110;

/** `name(a, b)`. */
export const call = (name: string, items: readonly Code[]): Code => list(`${name}(`, items, ')', '');
export const array = (items: readonly Code[]): Code => list('[', items, ']', '');
/** `{ a: 1, b }`. */
export const object = (items: readonly Code[]): Code =>
  items.length === 0 ? '{}' : list('{', items, '}', ' ');
/** `name({ a: 1 })`, which is broken within the braces. */
export const callWithObject = (name: string, items: readonly Code[]): Code =>
  items.length === 0 ? `${name}()` : list(`${name}({`, items, '})', ' ');

const list = (open: string, items: readonly Code[], close: string, space: '' | ' '): Code => ({
  open,
  items,
  close,
  space,
  after: '',
});

/** `text` in front of code: `name: value`. */
export const prefixed = (text: string, code: Code): Code =>
  typeof code === 'string' ? text + code : { ...code, open: text + code.open };

/** Code and what follows it: `a.add(b)`. */
export function followed(code: Code, after: Code): Code {
  if (typeof code === 'string') return typeof after === 'string' ? code + after : prefixed(code, after);
  return { ...code, after: code.after === '' ? after : followed(code.after, after) };
}

/** @param indent spaces before each line. @param used columns that are taken on the first and the last line. */
export function print(code: Code, indent = 0, used = 0): string {
  const flat = printFlat(code);
  if (typeof code === 'string' || indent + used + flat.length <= width) return flat;
  const inner = ' '.repeat(indent + 2);
  const lines = code.items.map((item) => `${inner}${print(item, indent + 2, 1)},\n`);
  return `${code.open}\n${lines.join('')}${' '.repeat(indent)}${code.close}${print(code.after, indent, used)}`;
}

function printFlat(code: Code): string {
  if (typeof code === 'string') return code;
  const { open, items, close, space, after } = code;
  return `${open}${space}${items.map(printFlat).join(', ')}${space}${close}${printFlat(after)}`;
}

/** A text as a literal. */
export function quote(text: string): string {
  const inner = JSON.stringify(text)
    .slice(1, -1)
    .replaceAll('\\"', '"')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
  return text.includes("'") && !text.includes('"') ? `"${inner}"` : `'${inner.replaceAll("'", "\\'")}'`;
}

/** Whether a text can stand as a property without quotes. */
export const isIdentifier = (text: string): boolean => /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(text);

export const key = (name: string): string => (isIdentifier(name) ? name : quote(name));
