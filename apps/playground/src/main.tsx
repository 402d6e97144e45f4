// The beginning: what the address holds, else the default run.
import { render } from 'preact';
import { send } from './client.ts';
import { App, onKey } from './parts/app.tsx';
import { address } from './parts/exports.tsx';
import { takeTable } from './parts/ownData.tsx';
import { fromHash } from './spec/address.ts';
import { defaultSpec } from './spec/defaults.ts';
import type { Program } from './spec/spec.ts';
import { frame, info, refusal } from './state.ts';
import './style.css';

function programsInAddress(): Program[] {
  try {
    if (location.hash.length > 1) return fromHash(location.hash);
  } catch (error) {
    refusal.value = (error as Error).message;
  }
  return [{ spec: defaultSpec, changes: [], steps: 0 }];
}

send({ type: 'open', programs: programsInAddress() });
addEventListener('hashchange', () => send({ type: 'open', programs: programsInAddress() }));
addEventListener('keydown', onKey);
addEventListener('keydown', ({ key }) => key === 'Escape' && closePopups(undefined));
addEventListener('pointerdown', ({ target }) => closePopups(target as Node));
addEventListener('dragover', (event) => event.preventDefault());
addEventListener('drop', (event) => {
  event.preventDefault();
  event.dataTransfer?.files[0]?.text().then((text) => takeTable(text));
});
addEventListener('paste', (event) => {
  if ((event.target as HTMLElement).closest('input, textarea')) return;
  const text = event.clipboardData?.getData('text/plain') ?? '';
  if (text.includes('\n')) takeTable(text);
});

/** Closes menus, except the one that was pointed into. */
function closePopups(target: Node | undefined): void {
  for (const popup of document.querySelectorAll<HTMLDetailsElement>('details.more[open]:not(.inline)'))
    if (!target || !popup.contains(target)) popup.open = false;
}

/** While nothing runs, the address is that of what is shown. */
let written = '';
const keepAddress = (): void => {
  const shown = frame.value;
  if (!shown || shown.playing || !info.value) return;
  const now = address();
  if (now === written) return;
  written = now;
  history.replaceState(null, '', now);
};
frame.subscribe(() => setTimeout(keepAddress));
info.subscribe(() => setTimeout(keepAddress));

render(<App />, document.getElementById('app') as HTMLElement);
