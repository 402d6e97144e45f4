// Every code block of the READMEs and the site is compiled, and run where Node can run it.
import { beforeAll, describe, expect, it } from 'vitest';
import { type Block, blocksOf } from '../src/blocks.ts';
import { Workshop } from '../src/check.ts';
import { modulesOf, type PageModule } from '../src/modules.ts';
import { modulesOfPages, preludeOf, readPages } from '../src/pages.ts';

/** A page that is wrong in every way there is. */
const planted = `
<!-- prelude: plugins -->
\`\`\`ts
console.log(1 + 1); // 2
dense({ unit: 10 });
\`\`\`

<!-- fresh -->
\`\`\`ts
const nothing = JSON.parse('null') as { length: number };
nothing.length;
\`\`\`

<!-- fresh -->
\`\`\`ts
console.log({ loss: 0.5 }); // { loss: 0.7 }
\`\`\`

<!-- fresh -->
\`\`\`ts
import { it } from 'vitest';

it('is proved', () => {
  throw new Error('it is not');
});
\`\`\`

<!-- not run: it needs a page -->
\`\`\`ts
document.title = 3;
\`\`\`
`;

let pages: ReadonlyMap<string, readonly Block[]>;
let modules: readonly PageModule[];
let compiled: readonly string[];
let failures: readonly string[];
let printed: Readonly<Record<string, string>>;

const ofPlanted = (message: string): boolean => message.startsWith('planted.md');

beforeAll(async () => {
  pages = readPages();
  const wrong = modulesOf('planted.md', blocksOf('planted.md', planted), preludeOf);
  modules = [...modulesOfPages(pages), ...wrong];
  const workshop = new Workshop('blocks');
  workshop.write(modules);
  const [found, ran] = await Promise.all([
    workshop.compile(modules),
    workshop.run(modules.filter(({ runs }) => runs)),
  ]);
  compiled = found;
  ({ failures, printed } = ran);
}, 120_000);

describe('the code blocks of the READMEs and the site', () => {
  it('are compiled', () => {
    expect(compiled.filter((message) => !ofPlanted(message))).toEqual([]);
  });

  it('do what they say, and print what they show', () => {
    expect(failures.filter((message) => !ofPlanted(message))).toEqual([]);
  });

  it('print what pages show as printed', () => {
    const named = [...pages.values()].flat().flatMap(({ printed: name }) => name ?? []);
    expect(Object.keys(printed).sort()).toEqual(named.sort());
    for (const name of named) expect(printed[name], name).not.toBe('');
  });

  it('are nearly all run', () => {
    const blocks = [...pages.values()].flat().filter(({ language }) => language === 'ts');
    const run = blocks.filter(({ notRun, notCompiled }) => notRun === undefined && notCompiled === undefined);
    expect(run.length).toBeGreaterThan(75);
    expect(blocks.length - run.length).toBeLessThan(run.length / 5);
  });
});

describe('a page that is wrong', () => {
  it('is found by the compiler, and where', () => {
    const [option, title, ...others] = compiled.filter(ofPlanted);
    expect(option).toMatch(/^planted\.md:5: TS2561: .*'unit'/);
    expect(title).toMatch(/^planted\.md:30: TS2322/);
    expect(others).toEqual([]);
  });

  it('is found when it is run, and where', () => {
    const messages = failures.filter(ofPlanted).map((message) => message.replace(/^planted\.md/, ''));
    expect(messages).toEqual([
      expect.stringMatching(/^:5: .*dense has no option "unit"/),
      expect.stringMatching(/^:11: TypeError/),
      expect.stringMatching(/planted\.md:16: the page shows \{ loss: 0\.7 \}, but it is \{ loss: 0\.5 \}/),
      expect.stringMatching(/"is proved": it is not/),
    ]);
  });

  it('cannot say what nobody understands', () => {
    expect(() => blocksOf('page.md', '<!-- not run -->\n```ts\n```')).toThrow('page.md:3: <!-- not run -->');
  });
});
