import { namesOf, type SettingTable, type Writing } from '../../src/platform/settings.ts';

/** The rows of a document's table about settings: name and aliases, default, meaning and whether it has an effect. */
export function settingRows(table: SettingTable, writing: Writing = {}): string[][] {
  return Object.entries(table).map(([tableName, setting]) => {
    const [name, ...aliases] = namesOf(tableName, setting, writing).map((one) => `\`${one}\``);
    const { isRequired, absent, default: byDefault, meaning, withoutEffect } = setting;
    const text = byDefault === undefined ? 'none' : `\`${byDefault}\``;
    return [
      aliases.length === 0 ? `${name}` : `${name} (also ${aliases.join(', ')})`,
      isRequired === true ? '**required**' : (absent ?? text),
      withoutEffect === undefined ? meaning : `${meaning}; no effect: ${withoutEffect}`,
    ];
  });
}
