import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CATEGORY,
  COMMANDS,
  CONTEXT_KEYS,
  KEY_BINDINGS,
  GALLERY_ITEM,
  RUN_ITEM,
  SETTINGS,
  VIEWS,
  VIEW_CONTAINER,
  VIEW_TYPES,
  WHEN_EXPERIMENT,
  WHEN_REPORT,
  type CommandInfo,
} from '../../../src/extension/contributions';

interface MenuEntry {
  readonly command: string;
  readonly group?: string;
  readonly when?: string;
}

interface Manifest {
  readonly activationEvents: readonly string[];
  readonly icon: string;
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string; readonly category: string; readonly icon?: string }[];
    readonly menus: Readonly<Record<string, readonly MenuEntry[]>>;
    readonly keybindings: readonly { readonly command: string; readonly key: string; readonly mac: string; readonly when: string }[];
    readonly configuration: { readonly properties: Readonly<Record<string, Readonly<Record<string, unknown>>>> };
    readonly viewsContainers: { readonly activitybar: readonly { readonly id: string; readonly icon: string }[] };
    readonly views: Readonly<Record<string, readonly { readonly id: string; readonly icon: string }[]>>;
    readonly viewsWelcome: readonly { readonly view: string; readonly contents: string; readonly when: string }[];
    readonly jsonValidation: readonly { readonly fileMatch: string; readonly url: string }[];
    readonly walkthroughs: readonly {
      readonly steps: readonly { readonly description: string; readonly media: { readonly image: string; readonly altText: string } }[];
    }[];
  };
}

const root = join(__dirname, '../../..');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;
const { contributes } = manifest;
const commands: readonly CommandInfo[] = Object.values(COMMANDS);
const menuEntries = Object.values(contributes.menus).flat();
const whens = [...menuEntries, ...contributes.keybindings, ...contributes.viewsWelcome].map(({ when }) => when ?? '');

describe('contributions', () => {
  it('declares exactly the commands of the table', () => {
    const expected = commands.map(({ id, title, icon }) => ({ command: id, title, category: CATEGORY, ...(icon && { icon }) }));
    assert.deepEqual(contributes.commands, expected);
  });

  it('declares exactly the settings of the table, each with a description', () => {
    const { properties } = contributes.configuration;
    const expected = Object.values(SETTINGS).map(({ key, ...rest }) => [key, rest] as const);
    for (const [key, facts] of expected) {
      const { markdownDescription, scope, ...declared } = properties[key];
      assert.deepEqual(declared, facts, key);
      assert.ok(typeof markdownDescription === 'string' && markdownDescription.length > 20, key);
      assert.ok(['window', 'machine-overridable'].includes(String(scope)), key);
    }
    assert.deepEqual(Object.keys(properties).sort(), expected.map(([key]) => key).sort());
  });

  it('declares exactly the key bindings of the table', () => {
    assert.deepEqual(
      contributes.keybindings,
      KEY_BINDINGS.map(({ command, ...rest }) => ({ command: COMMANDS[command].id, ...rest })),
    );
  });

  it('declares exactly the views of the table', () => {
    assert.deepEqual(
      contributes.viewsContainers.activitybar.map(({ id }) => id),
      [VIEW_CONTAINER],
    );
    assert.deepEqual(
      contributes.views[VIEW_CONTAINER].map(({ id }) => id),
      Object.values(VIEWS),
    );
    assert.deepEqual(Object.keys(contributes.views), [VIEW_CONTAINER]);
  });

  it('wakes up for stored pages of every view type, and for no other', () => {
    const panels = manifest.activationEvents.filter((event) => event.startsWith('onWebviewPanel:'));
    assert.deepEqual(
      panels,
      Object.values(VIEW_TYPES).map((type) => `onWebviewPanel:${type}`),
    );
  });

  it('uses only commands of the table in menus and welcome texts', () => {
    const known: ReadonlySet<string> = new Set(commands.map(({ id }) => id));
    const linked = contributes.viewsWelcome.flatMap(({ contents }) => [...contents.matchAll(/\(command:([\w.]+)\)/g)].map(([, id]) => id));
    const steps = contributes.walkthroughs.flatMap((walkthrough) => walkthrough.steps);
    for (const { description } of steps) {
      for (const [, id] of description.matchAll(/\(command:(biasLab[\w.]+)\)/g)) assert.ok(known.has(id), id);
    }
    for (const id of [...menuEntries.map(({ command }) => command), ...linked]) assert.ok(known.has(id), id);
  });

  it('uses the context keys of the table in its when clauses: all of them, and no others', () => {
    const used = new Set(whens.flatMap((when) => when.match(/(?<![\w.])biasLab(?:\.\w+)+/g) ?? []));
    const others = new Set<string>([...Object.values(VIEWS), ...Object.values(RUN_ITEM), ...Object.values(GALLERY_ITEM)]);
    const keys = [...used].filter((name) => !others.has(name)).sort();
    assert.deepEqual(keys, Object.values(CONTEXT_KEYS).sort());
  });

  it('recognises experiment files the same way everywhere', () => {
    for (const when of whens.filter((text) => text.includes('resourceFilename')))
      assert.ok(when.includes(WHEN_EXPERIMENT) || when === WHEN_REPORT, when);
    assert.deepEqual(
      contributes.jsonValidation.map(({ fileMatch }) => fileMatch),
      ['*.bias.json'],
    );
  });

  it('offers every command of an experiment without lenses: in the palette or in a menu', () => {
    const hidden = new Set(contributes.menus['commandPalette'].filter(({ when }) => when === 'false').map(({ command }) => command));
    assert.deepEqual([...hidden], []);
    const inTitle = contributes.menus['editor/title'].map(({ command }) => command);
    for (const id of [COMMANDS.run.id, COMMANDS.cancel.id, COMMANDS.openResults.id, COMMANDS.showPrediction.id])
      assert.ok(inTitle.includes(id), id);
  });

  it('offers what a button beside an entry of a tree does in the menu of the entry too, where the keyboard comes', () => {
    const inMenus = contributes.menus['view/item/context'];
    const buttons = inMenus.filter(({ group }) => group?.startsWith('inline'));
    const others = new Set(inMenus.filter((entry) => !buttons.includes(entry)).map(({ command }) => command));
    assert.ok(buttons.length > 0);
    for (const { command } of buttons) assert.ok(others.has(command), command);
  });

  it('points at files that exist', () => {
    const files = [
      manifest.icon,
      ...contributes.viewsContainers.activitybar.map(({ icon }) => icon),
      ...contributes.views[VIEW_CONTAINER].map(({ icon }) => icon),
      ...contributes.jsonValidation.map(({ url }) => url),
      ...contributes.walkthroughs.flatMap(({ steps }) => steps.map(({ media }) => media.image)),
    ];
    for (const file of files) assert.ok(existsSync(join(root, file)), file);
  });
});
