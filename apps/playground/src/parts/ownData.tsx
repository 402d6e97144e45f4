// Points from a table: pasted, dropped or typed.
import { signal } from '@preact/signals';
import { change } from '../client.ts';
import { otherSet, ownSet } from '../spec/changeData.ts';
import { rowOf } from '../spec/points.ts';
import type { RunSpec } from '../spec/spec.ts';
import { readTable, type Table } from '../spec/table.ts';
import { points } from '../state.ts';
import { Choice } from './controls.tsx';

const text = signal('');
const table = signal<Table | undefined>(undefined);
const problem = signal('');
const isOpen = signal(false);

/** Reads a table; whoever brought it then chooses what its columns are. */
export function takeTable(given: string, target?: number): void {
  text.value = given;
  isOpen.value = true;
  try {
    table.value = readTable(given, target);
    problem.value = '';
  } catch (error) {
    table.value = undefined;
    problem.value = error instanceof Error ? error.message : String(error);
  }
}

export function OwnData({ now }: { readonly now: RunSpec }) {
  return (
    <details
      class="own"
      open={isOpen.value}
      onToggle={({ currentTarget }) => {
        isOpen.value = currentTarget.open;
      }}
    >
      <summary>Own data (CSV)</summary>
      <p class="hint">
        Paste or drop a table anywhere, or type one: one or two columns of inputs, then the class or the
        value.
      </p>
      <textarea
        aria-label="table, comma-separated"
        rows={5}
        spellcheck={false}
        placeholder={'x, y, class\n0.1, 0.7, a\n0.4, 0.2, b'}
        value={text.value}
        onInput={({ currentTarget }) => takeTable(currentTarget.value)}
      />
      {problem.value && <p role="alert">{problem.value}</p>}
      {table.value && <Columns table={table.value} now={now} />}
      <div class="row">
        <button type="button" class="quiet" onClick={() => takeTable(asTable())}>
          Edit the points shown
        </button>
        {now.data.set === 'own' && (
          <button type="button" class="quiet" onClick={() => change(otherSet(now, 'spiral'))}>
            Back to a set
          </button>
        )}
      </div>
    </details>
  );
}

/** What is shown, as a table. */
function asTable(): string {
  const shown = points.value;
  if (!shown) return '';
  const header = shown.columns === 1 ? 'x,y' : shown.task === 'classes' ? 'x,y,class' : 'x,y,value';
  const rows = Array.from(shown.targets, (_, i) =>
    rowOf(shown, i)
      .map((value) => Number(value.toFixed(4)))
      .join(','),
  );
  return [header, ...rows].join('\n');
}

const chosenInputs = signal<readonly number[]>([]);

function Columns({ table, now }: { readonly table: Table; readonly now: RunSpec }) {
  const { names, target, task, rows } = table;
  const free = names.map((_, i) => i).filter((i) => i !== target);
  const chosen = chosenInputs.value.filter((i) => free.includes(i));
  const inputs = chosen.length > 0 ? chosen : free.slice(0, 2);
  const choices = (columns: readonly number[]) =>
    columns.map((i) => [String(i), names[i] as string] as const);
  return (
    <>
      <Choice
        label={task === 'classes' ? 'class' : 'value'}
        value={String(target)}
        choices={choices(names.map((_, i) => i))}
        onChoose={(value) => takeTable(text.value, Number(value))}
      />
      <Choice
        label="first input"
        value={String(inputs[0])}
        choices={choices(free)}
        onChoose={(value) => {
          chosenInputs.value = [Number(value), ...inputs.slice(1)];
        }}
      />
      <Choice
        label="second input"
        value={String(inputs[1] ?? '')}
        choices={[['', 'none'], ...choices(free)]}
        onChoose={(value) => {
          chosenInputs.value = [inputs[0] as number, ...(value === '' ? [] : [Number(value)])];
        }}
      />
      <button type="button" onClick={() => change(ownSet(now, table.points(inputs), task))}>
        Train on these {rows} rows
      </button>
    </>
  );
}
