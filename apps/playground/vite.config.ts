import { defineConfig } from 'vite';

/** Pages may share memory with workers, which threads need, only where no other site can look into them. */
const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

export default defineConfig({
  base: './', // the build runs in any folder of any server
  resolve: { conditions: ['@neurite/source', 'module', 'browser', 'development|production'] },
  server: { headers: isolation },
  preview: { headers: isolation },
  worker: { format: 'es' },
  build: { target: 'es2022', chunkSizeWarningLimit: 1000 },
});
