// Makes a page of the book run: experiments anew, with other seeds and where the controls stand.
import 'katex/dist/katex.min.css';
import './style.css';
import { factList } from './factList.ts';
import type { Answer, Request } from './messages.ts';

let worker: Worker | undefined;
/** The experiment that runs, and those that wait; of each claim only the latest wish. */
let running: string | undefined;
const waiting = new Map<string, Request>();

function ask(request: Request): void {
  waiting.set(request.id, request);
  statusOf(request.id).textContent = 'Running …';
  sendNext();
}

function sendNext(): void {
  const [next] = waiting.values();
  if (running !== undefined || !next) return;
  if (!worker) {
    worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
    worker.addEventListener('message', ({ data }: MessageEvent<Answer>) => {
      running = undefined;
      if (!waiting.has(data.id)) show(data);
      sendNext();
    });
  }
  waiting.delete(next.id);
  running = next.id;
  worker.postMessage(next);
}

const sectionOf = (id: string): HTMLElement => document.querySelector<HTMLElement>(`[data-claim="${id}"]`)!;
const statusOf = (id: string): HTMLElement => sectionOf(id).querySelector<HTMLElement>('.status')!;

function show({ id, figure, facts, digest, milliseconds, error }: Answer): void {
  const section = sectionOf(id);
  if (error !== undefined) {
    statusOf(id).textContent = `The experiment failed: ${error}`;
    return;
  }
  section.querySelector('figure')!.innerHTML = figure;
  section.querySelector('.facts')!.innerHTML = factList(facts);
  const form = section.querySelector('form')!;
  const same = digest === section.dataset.result;
  const asPrinted = isAsPrinted(form);
  const took =
    milliseconds < 1000 ? `${Math.ceil(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
  const compared = same
    ? 'the same numbers as in the book'
    : asPrinted
      ? 'this browser’s mathematics differs from the book’s in the last digits'
      : 'another question than the book’s; its facts may not hold here';
  section.dataset.same = String(same);
  statusOf(id).textContent = `Ran here in ${took}: ${compared}.`;
}

const fieldsOf = (form: HTMLFormElement): (HTMLInputElement | HTMLSelectElement)[] =>
  [...form.elements].filter(
    (field) => field instanceof HTMLInputElement || field instanceof HTMLSelectElement,
  );

const isAsPrinted = (form: HTMLFormElement): boolean =>
  fieldsOf(form).every((field) =>
    field instanceof HTMLInputElement
      ? field.value === field.defaultValue
      : (field.selectedOptions[0]?.defaultSelected ?? false),
  );

function settingsOf(form: HTMLFormElement): Record<string, number | string> {
  return Object.fromEntries(
    fieldsOf(form).map((field) => [
      field.name,
      field instanceof HTMLInputElement ? Number(field.value) : field.value,
    ]),
  );
}

for (const section of document.querySelectorAll<HTMLElement>('[data-claim]')) {
  const id = section.dataset.claim!;
  const form = section.querySelector('form')!;
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    ask({ id, settings: settingsOf(form) });
  });
  form.addEventListener('input', ({ target }) => {
    const field = target as HTMLInputElement | HTMLSelectElement;
    const output = form.querySelector<HTMLOutputElement>(`output[for="${field.id}"]`);
    if (output) output.value = field.value;
    if (form.checkValidity()) ask({ id, settings: settingsOf(form) });
  });
}

// The contents are open where there is room beside the text.
const contents = document.querySelector<HTMLDetailsElement>('.contents')!;
const wide = matchMedia('(min-width: 72rem)');
const follow = (): void => {
  contents.open = wide.matches;
};
wide.addEventListener('change', follow);
follow();
document.documentElement.dataset.ready = 'true';
