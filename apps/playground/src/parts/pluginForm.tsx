// The form of any plugin, whatever it is: a menu of what is registered, and fields from its description.
import type { PluginKind } from '@neurite/core';
import { type PluginSpec, plugins } from '../plugins.ts';
import { type Field, fieldsOf, initialSpec, withOption } from '../spec/forms.ts';
import { words } from '../spec/words.ts';
import { Choice, Flag, NumberField, TextField } from './controls.tsx';

interface PluginFormProps {
  readonly kind: PluginKind;
  readonly label: string;
  readonly value: PluginSpec | undefined;
  /** What no plugin is called; without it there must be one. */
  readonly none?: string | undefined;
  /** Options that are set elsewhere. */
  readonly hidden?: readonly string[];
  onSet(value: PluginSpec | undefined): void;
}

export function PluginForm({ kind, label, value, none, hidden = [], onSet }: PluginFormProps) {
  const names = plugins.names(kind) as string[];
  const choices = names.map((name) => [name, words(name)] as const);
  return (
    <div class="plugin">
      <Choice
        label={label}
        value={value?.type ?? ''}
        choices={none === undefined ? choices : [['', none], ...choices]}
        onChoose={(type) => onSet(type === '' ? undefined : initialSpec(kind, type, value))}
      />
      {value && <PluginFields kind={kind} value={value} hidden={hidden} onSet={onSet} />}
    </div>
  );
}

interface PluginFieldsProps {
  readonly kind: PluginKind;
  readonly value: PluginSpec;
  readonly hidden?: readonly string[];
  onSet(value: PluginSpec): void;
}

export function PluginFields({ kind, value, hidden = [], onSet }: PluginFieldsProps) {
  const fields = fieldsOf(kind, value.type).filter(({ name }) => !hidden.includes(name));
  if (fields.length === 0) return null;
  return (
    <div class="options">
      {fields.map((field) => (
        <OptionField
          key={field.name}
          field={field}
          value={value[field.name]}
          onSet={(next) => onSet(withOption(value, field, next))}
        />
      ))}
    </div>
  );
}

interface OptionFieldProps {
  readonly field: Field;
  readonly value: unknown;
  onSet(value: unknown): void;
}

function OptionField({ field: { name, option }, value, onSet }: OptionFieldProps) {
  const label = words(name);
  const title = `${name}: ${option.takes}`;
  const shown = value ?? option.default;
  switch (option.kind) {
    case 'number':
      return (
        <NumberField
          label={label}
          title={title}
          value={shown as number | undefined}
          placeholder="–"
          accepts={(number) => option.accepts(number)}
          onSet={onSet}
        />
      );
    case 'flag':
      if (option.default === undefined) {
        return (
          <Choice
            label={label}
            title={title}
            value={String(value ?? '')}
            choices={[
              ['', 'default'],
              ['true', 'yes'],
              ['false', 'no'],
            ]}
            onChoose={(chosen) => onSet(chosen === '' ? undefined : chosen === 'true')}
          />
        );
      }
      return (
        <Flag label={label} title={title} value={shown !== false && shown !== undefined} onSet={onSet} />
      );
    case 'choice':
      return (
        <Choice
          label={label}
          title={title}
          value={String(shown)}
          choices={(option.choices ?? []).map((choice) => [choice, words(choice)])}
          onChoose={onSet}
        />
      );
    case 'rate':
      return <RateField label={label} title={title} field={{ name, option }} value={shown} onSet={onSet} />;
    case 'plugin':
      return (
        <PluginForm
          kind={option.plugin ?? 'activation'}
          label={label}
          value={shown as PluginSpec | undefined}
          none={option.required ? undefined : 'default'}
          onSet={onSet}
        />
      );
    case 'text':
    case 'sizes':
    case 'numbers':
      return <ListField label={label} title={title} field={{ name, option }} value={shown} onSet={onSet} />;
    default:
      return option.kind satisfies never;
  }
}

interface LabelledField extends OptionFieldProps {
  readonly label: string;
  readonly title: string;
}

/** A number, or a schedule. */
function RateField({ label, title, field: { option }, value, onSet }: LabelledField) {
  const isNumber = typeof value === 'number';
  return (
    <>
      {isNumber && (
        <NumberField
          label={label}
          title={title}
          value={value}
          accepts={(number) => option.accepts(number)}
          onSet={onSet}
        />
      )}
      <PluginForm
        kind="schedule"
        label={isNumber ? 'schedule' : label}
        none="constant"
        value={isNumber ? undefined : (value as PluginSpec)}
        onSet={onSet}
      />
    </>
  );
}

/** A text, or a list with commas between. */
function ListField({ label, title, field: { option }, value, onSet }: LabelledField) {
  const read = (text: string): unknown => {
    const parts = text.split(',').map((part) => part.trim());
    const numbers = parts.map(Number);
    return [text, parts, numbers].find((candidate) => option.accepts(candidate));
  };
  return (
    <TextField
      label={label}
      title={title}
      value={Array.isArray(value) ? value.join(', ') : String(value ?? '')}
      accepts={(text) => read(text) !== undefined}
      onSet={(text) => onSet(text === '' ? undefined : read(text))}
    />
  );
}
