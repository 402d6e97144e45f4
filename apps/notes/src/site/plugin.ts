// The book as a plugin of Vite: makes the pages when they are built, or when the browser asks for them.
import { type Plugin, runnerImport } from 'vite';

type Render = typeof import('./render.ts');

const renderer = '/src/site/render.ts';
const resolve = { conditions: ['@neurite/source', 'module', 'node', 'development|production'] };

export function book(): Plugin {
  let root = '';
  let render: Render;
  let isBuild = false;
  return {
    name: 'book',
    async config(config, { command }) {
      root = config.root ?? process.cwd();
      isBuild = command === 'build';
      if (!isBuild) return undefined;
      const { module } = await runnerImport<Render>(`${root}${renderer}`, {
        root,
        resolve,
        configFile: false,
      });
      render = module;
      return { build: { rolldownOptions: { input: render.paths.map((path) => `${root}/${path}`) } } };
    },
    resolveId: (id) => (isBuild && pathOf(id, root) !== undefined ? id : undefined),
    async load(id) {
      const path = isBuild ? pathOf(id, root) : undefined;
      return path === undefined || !render.paths.includes(path) ? undefined : render.renderPage(path);
    },
    async generateBundle() {
      for (const path of render.paths) {
        const chapter = path.split('/').at(-2);
        if (chapter === undefined) continue;
        const source = await render.renderResults(chapter);
        this.emitFile({ type: 'asset', fileName: `${chapter}/results.json`, source });
      }
    },
    configureServer(server) {
      server.middlewares.use(async (request, response, next) => {
        const url = new URL(request.url ?? '/', 'http://localhost').pathname;
        try {
          const current = (await server.ssrLoadModule(renderer)) as Render;
          const path = `${url.slice(1)}${url.endsWith('/') ? 'index.html' : ''}`;
          const [, chapter] = /^([^/]+)\/results\.json$/.exec(path) ?? [];
          if (chapter !== undefined) {
            response.setHeader('Content-Type', 'application/json').end(await current.renderResults(chapter));
          } else if (current.paths.includes(path)) {
            const page = await server.transformIndexHtml(url, await current.renderPage(path));
            response.setHeader('Content-Type', 'text/html').end(page);
          } else next();
        } catch (error) {
          next(error);
        }
      });
    },
  };
}

/** "neuron/index.html" of the file that has no file. */
const pathOf = (id: string, root: string): string | undefined =>
  id.startsWith(`${root}/`) && id.endsWith('index.html') ? id.slice(root.length + 1) : undefined;
