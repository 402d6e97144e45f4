// JSON from strangers. JSON.parse takes the last of two equal keys and makes an own `__proto__` of a key that is called so;
// this one refuses both, and whatever is nested too deep, and says where in the data it is.
import { NeuriteError } from '@neurite/core';
import { cut, deepest, isReserved, type JsonObject, type JsonValue, pathTo, printPath } from './json.ts';

const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const space = /[ \t\n\r]*/y;
const words: readonly (readonly [string, JsonValue])[] = [
  ['true', true],
  ['false', false],
  ['null', null],
];

/**
 * `text` as data.
 *
 * @param path what the text is called in messages.
 * @throws NeuriteError `data` that names the place: text that is no JSON, a key twice in one object, the keys `__proto__`,
 * `constructor` and `prototype`, more than 64 levels, numbers beyond the largest.
 */
export function parseJson(text: string, path: string): JsonValue {
  return new Parser(text, path).all();
}

class Parser {
  readonly #text: string;
  readonly #path: string;
  /** The character that is next. */
  #at = 0;

  constructor(text: string, path: string) {
    this.#text = text;
    this.#path = path;
  }

  all(): JsonValue {
    const value = this.#value(this.#path, 0);
    this.#skipSpace();
    if (this.#at < this.#text.length) throw this.#unexpected(this.#path);
    return value;
  }

  #value(path: string, depth: number): JsonValue {
    if (depth > deepest)
      throw new NeuriteError('data', `${printPath(path)} is nested in more than ${deepest} others`);
    this.#skipSpace();
    const next = this.#text[this.#at];
    if (next === '{') return this.#object(path, depth);
    if (next === '[') return this.#list(path, depth);
    if (next === '"') return this.#string(path);
    for (const [word, value] of words) {
      if (!this.#text.startsWith(word, this.#at)) continue;
      this.#at += word.length;
      return value;
    }
    return this.#number(path);
  }

  #object(path: string, depth: number): JsonObject {
    const object: Record<string, JsonValue> = {};
    this.#at++;
    for (let isFirst = true; !this.#takes('}'); isFirst = false) {
      if (!isFirst) this.#require(',', path);
      this.#skipSpace();
      if (this.#text[this.#at] !== '"') throw this.#unexpected(path);
      const key = this.#string(path);
      if (isReserved(key))
        throw new NeuriteError('data', `${printPath(path)} has the key "${key}": it is refused`);
      if (Object.hasOwn(object, key))
        throw new NeuriteError('data', `${printPath(path)} has two ${JSON.stringify(cut(key))}`);
      this.#require(':', path);
      object[key] = this.#value(pathTo(path, key), depth + 1);
    }
    return object;
  }

  #list(path: string, depth: number): JsonValue[] {
    const list: JsonValue[] = [];
    this.#at++;
    while (!this.#takes(']')) {
      if (list.length > 0) this.#require(',', path);
      list.push(this.#value(pathTo(path, list.length), depth + 1));
    }
    return list;
  }

  #string(path: string): string {
    const begin = this.#at;
    let end = begin + 1;
    while (this.#text[end] !== '"') {
      end += this.#text[end] === '\\' ? 2 : 1;
      if (end >= this.#text.length) throw this.#unexpected(path);
    }
    this.#at = end + 1;
    try {
      return JSON.parse(this.#text.slice(begin, this.#at)) as string; // it knows the escapes
    } catch {
      this.#at = begin;
      throw this.#unexpected(path);
    }
  }

  #number(path: string): number {
    number.lastIndex = this.#at;
    const digits = number.exec(this.#text)?.[0];
    if (digits === undefined) throw this.#unexpected(path);
    const value = Number(digits);
    if (!Number.isFinite(value))
      throw new NeuriteError('data', `${printPath(path)} is ${cut(digits)}, beyond the largest number`);
    this.#at += digits.length;
    return value;
  }

  #skipSpace(): void {
    space.lastIndex = this.#at;
    space.test(this.#text);
    this.#at = space.lastIndex;
  }

  #takes(character: string): boolean {
    this.#skipSpace();
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #require(character: string, path: string): void {
    if (!this.#takes(character)) throw this.#unexpected(path);
  }

  #unexpected(path: string): NeuriteError {
    const next = this.#text[this.#at];
    const what = next === undefined ? 'it ends too early' : `unexpected ${JSON.stringify(next)}`;
    return new NeuriteError('data', `${printPath(path)} is no JSON: ${what} at character ${this.#at}`);
  }
}
