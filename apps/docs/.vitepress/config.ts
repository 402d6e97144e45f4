import { existsSync, readFileSync } from 'node:fs';
import { defineConfig } from 'vitepress';

/** What TypeDoc has made: `pnpm run reference`. */
const sidebar = new URL('../pages/reference/typedoc-sidebar.json', import.meta.url);
const reference: { text: string; link: string }[] = existsSync(sidebar)
  ? JSON.parse(readFileSync(sidebar, 'utf8'))
  : [];

const kinds = [
  'activation',
  'layer',
  'loss',
  'optimizer',
  'schedule',
  'regularizer',
  'constraint',
  'initializer',
  'metric',
  'backend',
];

export default defineConfig({
  srcDir: 'pages',
  outDir: 'dist',
  title: 'Neurite',
  description: 'Multi-layer perceptrons in TypeScript, from small packages',
  cleanUrls: true,
  lastUpdated: false,
  head: [['link', { rel: 'icon', href: '/logo.svg', type: 'image/svg+xml' }]],
  markdown: { theme: { light: 'github-light', dark: 'github-dark' } },
  themeConfig: {
    logo: '/logo.svg',
    search: { provider: 'local' },
    outline: [2, 3],
    nav: [
      {
        text: 'Guide',
        link: '/start',
        activeMatch: '^/(start|backends|networks|training|saving|command-line|programs|course)',
      },
      { text: 'Plugins', link: '/plugins/', activeMatch: '^/plugins/' },
      { text: 'Coming from', link: '/from/tensorflowjs', activeMatch: '^/from/' },
      { text: 'Reference', link: '/reference/', activeMatch: '^/reference/' },
    ],
    sidebar: {
      '/': [
        {
          text: 'Guide',
          items: [
            { text: 'Start in five minutes', link: '/start' },
            { text: 'Backends', link: '/backends' },
            { text: 'Networks', link: '/networks' },
            { text: 'Training', link: '/training' },
            { text: 'Saving', link: '/saving' },
            { text: 'Command line', link: '/command-line' },
            { text: 'How a step becomes a program', link: '/programs' },
            { text: 'The course', link: '/course' },
          ],
        },
        {
          text: 'Plugins',
          items: [
            { text: 'All kinds', link: '/plugins/' },
            ...kinds.map((kind) => ({
              text: `${kind[0]?.toUpperCase()}${kind.slice(1)}`,
              link: `/plugins/${kind}`,
            })),
          ],
        },
        {
          text: 'Coming from',
          items: [
            { text: 'TensorFlow.js', link: '/from/tensorflowjs' },
            { text: 'brain.js', link: '/from/brainjs' },
            { text: 'ConvNetJS', link: '/from/convnetjs' },
            { text: 'Keras', link: '/from/keras' },
          ],
        },
      ],
      '/reference/': [{ text: 'Reference', link: '/reference/', items: reference }],
    },
    docFooter: { prev: 'Before', next: 'Next' },
  },
});
