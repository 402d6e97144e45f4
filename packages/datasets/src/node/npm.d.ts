// The part of npm's libraries that is used here: they come without types.
declare module 'pacote' {
  type Options = Readonly<Record<string, unknown>>;
  const pacote: {
    extract(spec: string, folder: string, options: Options): Promise<unknown>;
    readonly tarball: { file(spec: string, file: string, options: Options): Promise<unknown> };
  };
  export default pacote;
}

declare module '@npmcli/config' {
  export default class Config {
    constructor(options: Readonly<Record<string, unknown>>);
    load(): Promise<void>;
    readonly flat: Readonly<Record<string, unknown>>;
  }
}

declare module '@npmcli/config/lib/definitions/index.js' {
  const settings: Readonly<Record<'definitions' | 'shorthands' | 'flatten', unknown>>;
  export default settings;
}
