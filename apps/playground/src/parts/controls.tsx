// Small controls with labels.
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useState } from 'preact/hooks';

interface Labelled {
  readonly label: string;
  /** More about it, shown when pointed at. */
  readonly title?: string | undefined;
}

interface ChoiceProps extends Labelled {
  readonly value: string;
  readonly choices: readonly (readonly [value: string, text: string])[];
  onChoose(value: string): void;
}

export function Choice({ label, title, value, choices, onChoose }: ChoiceProps) {
  const id = useId();
  return (
    <div class="field" title={title}>
      <label for={id}>{label}</label>
      <select id={id} value={value} onChange={({ currentTarget }) => onChoose(currentTarget.value)}>
        {choices.map(([name, text]) => (
          <option key={name} value={name} selected={name === value}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}

interface NumberProps extends Labelled {
  readonly value: number | undefined;
  readonly placeholder?: string;
  accepts(value: number): boolean;
  /** Gets nothing where the field was emptied. */
  onSet(value: number | undefined): void;
}

/** A number that counts once it is one that is allowed; until then the field shows that it is not. */
export function NumberField({ label, title, value, placeholder, accepts, onSet }: NumberProps) {
  const id = useId();
  const [draft, setDraft] = useState<string>();
  const text = draft ?? (value === undefined ? '' : String(value));
  const isWrong = text.trim() !== '' && !accepts(Number(text));
  const commit = (): void => {
    if (draft === undefined) return;
    setDraft(undefined);
    if (draft.trim() === '') onSet(undefined);
    else if (accepts(Number(draft)) && Number(draft) !== value) onSet(Number(draft));
  };
  return (
    <div class="field" title={title}>
      <label for={id}>{label}</label>
      <input
        id={id}
        type="text"
        inputMode="decimal"
        value={text}
        placeholder={placeholder}
        aria-invalid={isWrong}
        onInput={({ currentTarget }) => setDraft(currentTarget.value)}
        onBlur={commit}
        onKeyDown={({ key }) => key === 'Enter' && commit()}
      />
    </div>
  );
}

interface SliderProps extends Labelled {
  readonly value: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly step: number;
  print?(value: number): string;
  onSet(value: number): void;
}

/** A slider that tells its value while it is moved, a few times a second. */
export function Slider({ label, title, value, minimum, maximum, step, print = String, onSet }: SliderProps) {
  const id = useId();
  const [draft, setDraft] = useState<number>();
  useEffect(() => {
    if (draft === undefined) return;
    const timer = setTimeout(() => {
      setDraft(undefined);
      if (draft !== value) onSet(draft);
    }, 120);
    return () => clearTimeout(timer);
  }, [draft]);
  const shown = draft ?? value;
  return (
    <div class="field slider" title={title}>
      <label for={id}>{label}</label>
      <input
        id={id}
        type="range"
        min={minimum}
        max={maximum}
        step={step}
        value={shown}
        aria-valuetext={print(shown)}
        onInput={({ currentTarget }) => setDraft(Number(currentTarget.value))}
      />
      <output for={id}>{print(shown)}</output>
    </div>
  );
}

interface FlagProps extends Labelled {
  readonly value: boolean;
  onSet(value: boolean): void;
}

export function Flag({ label, title, value, onSet }: FlagProps) {
  const id = useId();
  return (
    <div class="field" title={title}>
      <label for={id}>{label}</label>
      <input
        id={id}
        type="checkbox"
        checked={value}
        onChange={({ currentTarget }) => onSet(currentTarget.checked)}
      />
    </div>
  );
}

interface TextProps extends Labelled {
  readonly value: string;
  accepts(value: string): boolean;
  onSet(value: string): void;
}

export function TextField({ label, title, value, accepts, onSet }: TextProps) {
  const id = useId();
  const [draft, setDraft] = useState<string>();
  const text = draft ?? value;
  return (
    <div class="field" title={title}>
      <label for={id}>{label}</label>
      <input
        id={id}
        type="text"
        value={text}
        aria-invalid={text !== '' && !accepts(text)}
        onInput={({ currentTarget }) => setDraft(currentTarget.value)}
        onBlur={() => {
          if (draft !== undefined && draft !== value && (draft === '' || accepts(draft))) onSet(draft);
          setDraft(undefined);
        }}
        onKeyDown={({ key, currentTarget }) => key === 'Enter' && currentTarget.blur()}
      />
    </div>
  );
}

interface PanelProps {
  readonly title: string;
  readonly aside?: ComponentChildren;
  readonly class?: string;
  readonly children: ComponentChildren;
}

export function Panel({ title, aside, children, class: name = '' }: PanelProps) {
  const id = useId();
  return (
    <section class={`panel ${name}`} aria-labelledby={id}>
      <header>
        <h2 id={id}>{title}</h2>
        {aside}
      </header>
      {children}
    </section>
  );
}
