// Generates `models` sections like those of real projects: apps of different sizes, a user model
// that half of the models refer to, join tables, proxies, inheritance, wide tables, cards
// without relations. Seeded.
import { seeded } from '../../inspector/static/inspector/schema/random.js';

const APPS = ['catalog', 'orders', 'accounts', 'shipping', 'payments', 'reviews', 'inventory', 'marketing', 'support', 'reports', 'content', 'search', 'events', 'billing', 'partners', 'audit'];
const NOUNS = ['Product', 'Order', 'Invoice', 'Customer', 'Address', 'Shipment', 'Category', 'Review', 'Voucher', 'Basket', 'Payment', 'Refund', 'Supplier', 'Warehouse', 'StockRecord', 'Ticket', 'Campaign', 'Segment', 'Page', 'Image', 'Document', 'Event', 'Session', 'Seat', 'Subscription', 'Plan', 'Partner', 'Contract', 'Report', 'Schedule'];
const SUFFIXES = ['', 'Line', 'Attribute', 'LogEntry', 'Settings', 'Translation', 'Assignment', 'StatusChange', 'Attachment', 'Rule'];
const FIELDS = [['title', 'CharField'], ['slug', 'SlugField'], ['description', 'TextField'], ['created_at', 'DateTimeField'], ['is_active', 'BooleanField'], ['amount_including_tax', 'DecimalField'], ['position', 'PositiveIntegerField'], ['email', 'EmailField'], ['metadata', 'JSONField'], ['valid_until', 'DateField'], ['status', 'CharField'], ['external_reference', 'CharField'], ['weight', 'FloatField'], ['notes', 'TextField'], ['image', 'ImageField'], ['country_code', 'CharField'], ['updated_at', 'DateTimeField'], ['uuid', 'UUIDField']];

/** @param {string} name @param {string} type @param {object} [more] */
export const field = (name, type, more = {}) => ({ name, type, class: `django.db.models.${type}`, column: name, ...more });
/** @param {string} name @param {string} to @param {object} [rel] @param {object} [more] */
export const relation = (name, to, rel = {}, more = {}) => field(name, 'ForeignKey', { rel: { kind: 'fk', to, on_delete: 'CASCADE', ...rel }, ...more });
/** @param {string} label @param {any[]} [fields] @param {object} [more] */
export const model = (label, fields = [], more = {}) => ({
  label, app: label.split('.')[0], name: label.split('.')[1], module: `${label.split('.')[0]}.models`, origin: 'project', bases: [],
  fields: [field('id', 'BigAutoField', { pk: true, auto: true }), ...fields], ...more,
});

/**
 * @param {number} count number of models
 * @param {number} [seed]
 * @returns {{models: any[], abstract: any[], errors: any[]}}
 */
export function generateModels(count, seed = 1) {
  const random = seeded(seed);
  /** @template T @param {T[]} items */
  const pick = (items) => items[Math.floor(random() * items.length)];
  const apps = APPS.slice(0, Math.max(1, Math.min(APPS.length, Math.round(count / 9))));
  const models = count > 6 ? [model('accounts.User', [field('username', 'CharField'), field('email', 'EmailField'), field('is_staff', 'BooleanField')])] : [];
  const taken = new Set(models.map((item) => item.label));
  for (let at = 0; models.length < count; at += 1) {
    const app = apps[Math.floor(Math.pow(random(), 1.6) * apps.length)];
    const round = Math.floor(at / (NOUNS.length * SUFFIXES.length * 2));
    const label = `${app}.${NOUNS[Math.floor(random() * NOUNS.length)]}${pick(SUFFIXES)}${round || ''}`;
    if (taken.has(label)) continue;
    taken.add(label);
    const near = models.filter((item) => item.app === app);
    const fields = [];
    const names = new Set();
    for (let n = Math.floor(random() * random() * 4 + random() * 1.6); n > 0 && models.length; n -= 1) {
      const target = near.length && random() < 0.75 ? near[Math.floor(random() * Math.min(near.length, 6))] : pick(models);
      const name = target.name.replace(/(?!^)([A-Z])/g, '_$1').toLowerCase();
      if (names.has(name)) continue;
      names.add(name);
      const kind = random() < 0.12 ? 'm2m' : random() < 0.1 ? 'o2o' : 'fk';
      fields.push(relation(kind === 'm2m' ? `${name}s` : name, target.label, kind === 'm2m' ? { kind, through_auto: true } : { kind },
        { type: kind === 'm2m' ? 'ManyToManyField' : kind === 'o2o' ? 'OneToOneField' : 'ForeignKey', ...(random() < 0.3 ? { null: true } : {}) }));
    }
    if (count > 6 && random() < 0.35) fields.push(relation('created_by', 'accounts.User', { on_delete: 'SET_NULL' }, { null: true }));
    const plain = 2 + Math.floor(random() * random() * 14);
    for (let n = 0; n < plain; n += 1) fields.push(field(FIELDS[(n + at) % FIELDS.length][0], FIELDS[(n + at) % FIELDS.length][1]));
    /** @type {any} */
    const more = {};
    if (near.length && random() < 0.04) {
      const parent = near[0];
      more.bases = [{ name: parent.name, module: parent.module, kind: 'multi-table', label: parent.label }];
      fields.unshift(field(`${parent.name.toLowerCase()}_ptr`, 'OneToOneField', { pk: true, rel: { kind: 'o2o', to: parent.label, parent_link: true } }));
    } else if (near.length && random() < 0.03) {
      more.bases = [{ name: near[0].name, module: near[0].module, kind: 'proxy-of', label: near[0].label }];
      more.proxy = true;
    }
    models.push(model(label, fields, more));
  }
  return { models, abstract: [], errors: [] };
}
