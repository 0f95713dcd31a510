import type { SourceKindForm } from '@guanlan/contracts';
import { Form, Input, InputNumber, Select } from 'antd';

/** What the chosen kind asks for, drawn from its own schema. */
export function OptionFields({ form, secrets }: { form: SourceKindForm | undefined; secrets: readonly string[] }) {
  if (form === undefined || form.options.length === 0) return null;
  return (
    <div className="options">
      {form.options.map((option) => (
        <Form.Item key={option.name} name={['options', option.name]} label={option.title}>
          {option.type === 'choice' ? (
            <Select allowClear options={option.choices.map((value) => ({ value, label: value }))} />
          ) : option.type === 'number' ? (
            <InputNumber min={option.min ?? 0} max={option.max ?? 1_000_000} placeholder={option.default ?? ''} style={{ width: '100%' }} />
          ) : option.secret ? (
            <Input.Password autoComplete="off" placeholder={secrets.includes(option.name) ? '已设置，留空不变' : ''} />
          ) : (
            <Input placeholder={option.default ?? ''} spellCheck={false} />
          )}
        </Form.Item>
      ))}
    </div>
  );
}

/** What was filled in; what was left empty is left out, so that the kind's own default holds. */
export function optionsOf(values: Record<string, unknown> | undefined): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values ?? {}).filter(([, value]) => value !== undefined && value !== null && value !== ''));
}
