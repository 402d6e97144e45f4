// A page for each chapter, made of the claims when the site is built; in the page, a worker that runs them again.
import { defineConfig } from 'vite';
import { book } from './src/site/plugin.ts';

const conditions = ['@neurite/source', 'module', 'browser', 'development|production'];

export default defineConfig({
  root: import.meta.dirname,
  base: './',
  appType: 'mpa',
  plugins: [book()],
  resolve: { conditions },
  ssr: { resolve: { conditions: ['@neurite/source', 'module', 'node', 'development|production'] } },
  worker: { format: 'es' },
});
