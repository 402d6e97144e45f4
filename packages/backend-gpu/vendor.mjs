// Puts gpu.js beside the built package, as a module. So nobody who installs the package has to fetch what gpu.js depends on
// and does not need here: 84 MB of another WebGPU, and an OpenGL that would have to be compiled.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const { resolve } = createRequire(import.meta.url);
const folder = dirname(resolve('gpu.js/package.json'));
const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
const license = readFileSync(join(folder, 'LICENSE'), 'utf8').trim();
const code = readFileSync(join(folder, 'dist/gpu-browser.min.js'), 'utf8');

writeFileSync(
  new URL('./dist/gpu.js', import.meta.url),
  [
    `/*! ${name} ${version}\n\n${license}\n*/`,
    'const module = { exports: {} };',
    'const exports = module.exports;',
    code,
    'export default module.exports;\n',
  ].join('\n'),
);
