// Pages as HTML: words, code, and what the experiments came to when the book was made. Nothing in them needs a script.
import { type Chapter, chapters } from '../chapters.ts';
import type { Claim, Run } from '../claim.ts';
import { digest } from '../digest.ts';
import { escapeText } from '../figure/svg.ts';
import { factList } from '../page/factList.ts';
import { highlight, inlineProse, prose } from './prose.ts';
import { experimentSource } from './source.ts';

const files = import.meta.glob<string>('../claims/*/*.ts', { eager: true, query: '?raw', import: 'default' });

/** Paths of all pages: the cover, and a folder for each chapter. */
export const paths = ['index.html', ...chapters.map(({ id }) => `${id}/index.html`)];

export async function renderPage(path: string): Promise<string> {
  const chapter = chapters.find(({ id }) => path === `${id}/index.html`);
  return chapter ? renderChapter(chapter) : renderCover();
}

/** The last results of a chapter, as data: settings and numbers of each claim. */
export async function renderResults(id: string): Promise<string> {
  const results = await Promise.all(
    chapters
      .find((chapter) => chapter.id === id)!
      .claims.map(async ({ id: name, claim }) => {
        const { facts, result } = await runOnce(claim);
        return [name, { title: claim.title, settings: claim.settings, facts, result: JSON.parse(result) }];
      }),
  );
  return JSON.stringify(Object.fromEntries(results));
}

const runs = new Map<Claim, Promise<Run>>();

function runOnce(claim: Claim): Promise<Run> {
  const run = runs.get(claim) ?? claim.run({});
  runs.set(claim, run);
  return run;
}

/** Where a page's links begin: chapters lie one folder deep. */
const up = (chapter: Chapter | undefined): string => (chapter ? '../' : './');

function layout(title: string, chapter: Chapter | undefined, content: string): string {
  const root = up(chapter);
  const list = chapters
    .map(({ id, title: name, claims }, i) => {
      const here = chapter?.id === id;
      const inside = here
        ? `<ol class="claims">${claims.map(({ id: claimId, claim }) => `<li value="${claim.number}"><a href="#${claimId}">${inlineProse(claim.title)}</a></li>`).join('')}</ol>`
        : '';
      return `<li><a href="${root}${id}/"${here ? ' aria-current="page"' : ''}><span>${i + 1}</span>${name}</a>${inside}</li>`;
    })
    .join('');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="description" content="The course notes on neural networks as a book that runs: every claim with its experiment.">
<title>${escapeText(title)}</title>
<link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Ccircle cx='8' cy='8' r='6' fill='%23d9622b'/%3E%3C/svg%3E">
<script type="module" src="/src/page/main.ts"></script>
</head>
<body>
<a class="skip" href="#main">To the text</a>
<nav aria-label="Chapters"><a class="book" href="${root}">Neural networks,<br>claim by claim</a>
<details class="contents" open><summary>Contents</summary><ol>${list}</ol></details></nav>
<main id="main">${content}</main>
</body>
</html>`;
}

function renderCover(): string {
  const all = chapters.flatMap(({ claims }) => claims);
  const contents = chapters
    .map(
      ({ id, title, lead, claims }, i) =>
        `<section class="entry"><h2><a href="./${id}/"><span class="number">${i + 1}</span>${title}</a></h2><p>${lead}</p>` +
        `<ol>${claims.map(({ id: claimId, claim }) => `<li value="${claim.number}"><a href="./${id}/#${claimId}">${inlineProse(claim.title)}</a></li>`).join('')}</ol></section>`,
    )
    .join('');
  const introduction = prose(`
Lecture notes say things: a neuron is a linear classifier, units die when the learning rate is too high, one hidden layer
suffices for any continuous function. This book takes the first part of Stanford's CS231n notes on neural networks claim by
claim, ${all.length} of them, says each in its own words — and then **runs it**.

Under each claim stands the code of an experiment, a figure drawn from its result, and the numbers that it is held to. They
were computed when the book was made; *Run again* computes them anew, in this page, and a slider or another seed asks what
the authors did not. A hollow mark stands before numbers that are reported and held to nothing.`);
  return layout(
    'Neural networks, claim by claim',
    undefined,
    `<header class="cover"><h1>Neural networks, claim by claim</h1><p class="lead">Course notes as a book that runs</p></header>${introduction}<div class="entries">${contents}</div>`,
  );
}

async function renderChapter(chapter: Chapter): Promise<string> {
  const number = chapters.indexOf(chapter) + 1;
  const sections: string[] = [];
  for (const { id, claim } of chapter.claims) sections.push(await renderClaim(chapter, id, claim));
  const next = chapters[number];
  return layout(
    `${chapter.title} · Neural networks, claim by claim`,
    chapter,
    `<header><p class="number">Chapter ${number}</p><h1>${chapter.title}</h1><p class="lead">${chapter.lead}</p></header>` +
      sections.join('') +
      `<footer><a href="./results.json">All results of this chapter as JSON</a>${next ? `<a class="next" href="../${next.id}/">Next: ${next.title} →</a>` : '<a class="next" href="../">To the contents →</a>'}</footer>`,
  );
}

async function renderClaim(chapter: Chapter, id: string, claim: Claim): Promise<string> {
  const run = await runOnce(claim);
  const code = await highlight(experimentSource(files[`../claims/${chapter.id}/${id}.ts`]!));
  return `<section class="claim" id="${id}" data-claim="${id}" data-result="${digest(run.result)}">
<h2><a href="#${id}"><span class="number">${claim.number}</span>${inlineProse(claim.title)}</a></h2>
${prose(claim.text)}
<div class="experiment">
<figure class="shown">${run.figure}</figure>
<div class="said"><form class="controls">${controlsOf(id, claim)}</form>
<div class="facts">${factList(run.facts)}</div>
<p class="status" role="status">Computed with seed ${claim.settings.seed} when this book was made.</p></div>
<div class="code" tabindex="0" role="region" aria-label="Code of experiment ${claim.number}">${code}</div>
</div>
</section>`;
}

function controlsOf(id: string, { controls, settings }: Claim): string {
  const all = Object.entries(controls).map(([name, control]) => {
    const field = `id="${id}-${name}" name="${name}"`;
    const label = `<label for="${id}-${name}">${inlineProse(control.label)}</label>`;
    if ('choices' in control) {
      const options = control.choices.map(
        (choice) => `<option${choice === control.value ? ' selected' : ''}>${choice}</option>`,
      );
      return `<div class="control">${label}<select ${field}>${options.join('')}</select></div>`;
    }
    const { minimum, maximum, step, value } = control;
    return `<div class="control">${label}<input type="range" ${field} min="${minimum}" max="${maximum}" step="${step}" value="${value}"><output for="${id}-${name}">${value}</output></div>`;
  });
  return `${all.join('')}<div class="control run"><label for="${id}-seed">seed</label><input type="number" id="${id}-seed" name="seed" min="0" max="999999" step="1" value="${settings.seed}"><button type="submit">Run again</button></div>`;
}
